/** One address that keeps a name busy with attempts that nobody judges: its owner gets in from another one nevertheless. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../lib/index.js';
import { SlowStore } from '../support/stores/slow-store.js';

const OPTIONS: LockoutOptions = {
  dimensions: ['ip', 'username'],
  tiers: { username: [{ failures: 3, cooloff: { minutes: 15 } }], ip: [{ failures: 30, cooloff: { minutes: 15 } }] },
};
const FLOOD = { username: 'alice', ip: '198.51.100.1' };
const OWNER = { username: 'alice', ip: '203.0.113.9' };
const IN_FLIGHT = 150;
const VERIFY_MS = 20;
const LOGINS = 15;

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Each attempt that has ended is followed by another one at once. */
class Flood {
  readonly outcomes: Record<string, number> = {};
  readonly #lockout: Lockout;
  #isOver = false;

  constructor(lockout: Lockout, attempt: object, inFlight = IN_FLIGHT) {
    this.#lockout = lockout;
    for (let count = 0; count < inFlight; count += 1) void this.#again(attempt);
  }

  end(): void {
    this.#isOver = true;
  }

  async #again(attempt: object): Promise<void> {
    while (!this.#isOver) {
      const outcome = await this.#lockout
        .protect<boolean>(attempt, async () => {
          await later(VERIFY_MS);
          throw new TypeError('data must be a string');
        })
        .then(
          (result) => (result.outcome === 'refused' ? result.locked.code : result.outcome),
          () => 'thrown',
        );
      this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
      // A refusal comes back over the wire as well.
      await later(1);
    }
  }
}

const STORES: readonly (readonly [what: string, create: () => LockoutStore])[] = [
  ['the memory store', () => new MemoryStore()],
  ['an asynchronous store', () => new SlowStore({}, () => later(1))],
];

for (const [what, createStore] of STORES) {
  describe(`turns by address, on ${what}`, () => {
    let timers: sinon.SinonFakeTimers;
    let lockout: Lockout;

    beforeEach(() => {
      timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
      lockout = new Lockout({ ...OPTIONS, store: createStore() });
    });
    afterEach(() => timers.restore());

    /** @returns after how many milliseconds it succeeded, or what it was told instead */
    async function login(): Promise<number | string> {
      const startedAt = Date.now();
      let answer: number | string | undefined;
      void lockout
        .protect(OWNER, async () => {
          await later(VERIFY_MS);
          return true;
        })
        .then((result) => {
          answer = result.outcome === 'refused' ? result.locked.code : Date.now() - startedAt;
        });
      while (answer === undefined) await timers.tickAsync(1);
      return answer;
    }

    it(`X25 lets the owner in ${LOGINS} of ${LOGINS} times, each within 250 ms more than quiet, while one address has ${IN_FLIGHT} attempts in flight whose verify throws`, async () => {
      const quietMs = (await login()) as number;
      const flood = new Flood(lockout, FLOOD);
      await timers.tickAsync(1_000);

      const answers: (number | string)[] = [];
      for (let count = 0; count < LOGINS; count += 1) {
        answers.push(await login());
        await timers.tickAsync(100);
      }
      flood.end();

      expect(answers.filter((answer) => typeof answer === 'string')).to.deep.equal([]);
      expect(Math.max(...(answers as number[]))).to.be.at.most(quietMs + 250);
      expect(flood.outcomes).to.have.property('thrown');
    });

    it('X25 counts nothing of it and locks nobody', async () => {
      const flood = new Flood(lockout, FLOOD);
      await timers.tickAsync(2_000);
      flood.end();
      await timers.tickAsync(4_000);

      const [name, address] = [lockout.status({ username: 'alice' }), lockout.status({ ip: FLOOD.ip })];
      await timers.tickAsync(10);
      expect([await name, await address].map(({ failures, verifying }) => [failures, verifying])).to.deep.equal([
        [0, 0],
        [0, 0],
      ]);
    });

    it('X25 verifies one attempt a second of such an address, and more than one of none', async () => {
      let verified = 0;
      const failing = async () => {
        for (;;) {
          await lockout
            .protect<boolean>(FLOOD, () => {
              verified += 1;
              throw new Error('the user database is down');
            })
            .catch(() => undefined);
          await later(1);
        }
      };
      void failing();
      await timers.tickAsync(10_000);
      const before = verified;
      await timers.tickAsync(10_000);
      expect(verified - before).to.be.within(5, 11);
    });

    it('X25 does not delay the attempt after one that was judged', async () => {
      expect(await login()).to.be.a('number');
      const failed = lockout.protect(OWNER, () => false);
      await timers.tickAsync(10);
      expect((await failed).outcome).to.equal('failed');
      expect(await login()).to.be.at.most(VERIFY_MS + 20);
    });
  });
}

describe('turns by address, where nobody is refused', () => {
  it('X25 are not taken where the lockout only monitors', async () => {
    const lockout = new Lockout({ ...OPTIONS, mode: 'monitor', busyTimeout: { seconds: 0 } });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const thrown = await lockout
        .protect<boolean>(FLOOD, () => {
          throw new Error('down');
        })
        .catch((error: Error) => error.message);
      expect(thrown).to.equal('down');
    }
    expect((await lockout.protect(FLOOD, () => true)).outcome).to.equal('succeeded');
  });
});
