/** One address keeps a name busy with attempts that are never judged: its owner still gets in from another address. */
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
const BUSY_MS = 5_000;

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface FloodOptions {
  readonly inFlight?: number;
  /** After how long verify throws; `Infinity` for never. */
  readonly verifyMs?: number;
}

/** Each attempt that has ended is followed by another one at once. */
class Flood {
  readonly outcomes: Record<string, number> = {};
  /** How many are being verified. */
  verifying = 0;
  readonly #lockout: Lockout;
  readonly #verifyMs: number;
  #isOver = false;

  constructor(lockout: Lockout, attempt: object, { inFlight = IN_FLIGHT, verifyMs = VERIFY_MS }: FloodOptions = {}) {
    this.#lockout = lockout;
    this.#verifyMs = verifyMs;
    for (let count = 0; count < inFlight; count += 1) void this.#again(attempt);
  }

  end(): void {
    this.#isOver = true;
  }

  async #again(attempt: object): Promise<void> {
    while (!this.#isOver) {
      const outcome = await this.#lockout
        .protect<boolean>(attempt, async () => {
          this.verifying += 1;
          await (this.#verifyMs === Number.POSITIVE_INFINITY ? new Promise(() => {}) : later(this.#verifyMs));
          this.verifying -= 1;
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
  describe(`Turn taking by address (${what})`, () => {
    let timers: sinon.SinonFakeTimers;
    let lockout: Lockout;

    beforeEach(() => {
      timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
      lockout = new Lockout({ ...OPTIONS, store: createStore() });
    });
    afterEach(() => timers.restore());

    /** @returns after how many milliseconds it succeeded, or the outcome or code otherwise */
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

    it(`X25 lets the owner in ${LOGINS} of ${LOGINS} times, each within 250 ms more than without attack, while one address has ${IN_FLIGHT} attempts in flight whose verify throws`, async () => {
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

    const HANGS: readonly (readonly [what: string, verifyMs: number])[] = [
      ['twice as long as others wait', 2 * BUSY_MS],
      ['for ever', Number.POSITIVE_INFINITY],
    ];
    for (const [what, verifyMs] of HANGS) {
      it(`X25 lets the owner in 4 of 4 times while one address has 20 attempts in flight whose verify hangs ${what}`, async () => {
        const flood = new Flood(lockout, FLOOD, { inFlight: 20, verifyMs });
        await timers.tickAsync(100);

        const answers: (number | string)[] = [];
        for (let count = 0; count < 4; count += 1) {
          answers.push(await login());
          await timers.tickAsync(BUSY_MS + 1_000);
        }
        flood.end();

        expect(answers.filter((answer) => typeof answer === 'string')).to.deep.equal([]);
        expect(Math.max(...(answers.slice(1) as number[]))).to.be.at.most(VERIFY_MS + 250);
      });
    }

    it('X25 verifies one attempt at a time from such an address, until one is judged', async () => {
      const flood = new Flood(lockout, FLOOD, { inFlight: 20, verifyMs: 2 * BUSY_MS });
      await timers.tickAsync(2 * BUSY_MS + 1_000);
      for (let second = 0; second < 60; second += 1) {
        expect(flood.verifying).to.be.at.most(1);
        await timers.tickAsync(1_000);
      }
      flood.end();
    });

    it('X25 admits as many attempts at a time as ever when each is judged, however long that takes', async () => {
      const outcomes: string[] = [];
      for (let count = 0; count < 9; count += 1) {
        void lockout
          .protect(OWNER, async () => {
            await later(1_500);
            return true;
          })
          .then(({ outcome }) => outcomes.push(outcome));
      }
      await timers.tickAsync(3 * 1_500 + 100);
      expect(outcomes).to.deep.equal(Array(9).fill('succeeded'));
    });

    it('X25 takes slots neither from an address that holds only one nor at a name that nobody is waiting for', async () => {
      const slow = (attempt: object) =>
        lockout.protect(attempt, async () => {
          await later(2 * BUSY_MS);
          return true;
        });
      const others = { username: 'bob', ip: FLOOD.ip };
      const results = [slow(OWNER), slow(FLOOD), slow(FLOOD), slow(others), slow(others), slow(others)];
      void lockout.protect({ username: 'alice', ip: '192.0.2.7' }, () => true);
      await timers.tickAsync(2 * BUSY_MS + 100);

      const told = (await Promise.all(results)).map((result) =>
        result.outcome === 'refused' ? result.locked.code : result.outcome,
      );
      expect(told).to.deep.equal([
        'succeeded',
        // The older of two from one address makes way.
        'ERR_LOCKOUT_LATE',
        ...Array(4).fill('succeeded'),
      ]);
    });

    it('X25 counts an attempt that made way, and does not disclose its verdict', async () => {
      const guess = (verdict: boolean) =>
        lockout.protect(FLOOD, async () => {
          await later(2 * BUSY_MS);
          return verdict;
        });
      const results = [guess(false), guess(false), guess(true)];
      const owner = login();
      await timers.tickAsync(2 * BUSY_MS);

      expect(await owner).to.be.a('number');
      const told = (await Promise.all(results)).map((result) =>
        result.outcome === 'refused' ? result.locked.code : result.outcome,
      );
      expect(told).to.deep.equal(['ERR_LOCKOUT_LATE', 'failed', 'succeeded']);
      const status = lockout.status({ username: 'alice' });
      await timers.tickAsync(10);
      expect(await status).to.include({ failures: 0, verifying: 0, takenBack: 2 });
    });

    it('X25 counts and locks nothing when the attempts of such an address are never judged', async () => {
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

    it('X25 verifies about one attempt a second from an address whose attempts all throw', async () => {
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

describe('Turn taking by address in two processes', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
  });
  afterEach(() => timers.restore());

  it('X25 lets the owner in 4 of 4 times in either process, once both know that verify hangs', async () => {
    const store = new SlowStore({}, () => later(1));
    const processes = [new Lockout({ ...OPTIONS, store }), new Lockout({ ...OPTIONS, store })] as const;
    const floods = processes.map((lockout) => new Flood(lockout, FLOOD, { inFlight: 20, verifyMs: 2 * BUSY_MS }));
    await timers.tickAsync(4 * BUSY_MS + 1_000);

    const outcomes: string[] = [];
    for (const lockout of [...processes, ...processes]) {
      void lockout.protect(OWNER, () => true).then(({ outcome }) => outcomes.push(outcome));
      await timers.tickAsync(2 * BUSY_MS);
    }
    for (const flood of floods) flood.end();
    expect(outcomes).to.deep.equal(Array(4).fill('succeeded'));
  });
});

describe('Turn taking by address in monitor mode', () => {
  it('X25 does not take place, since nobody is refused', async () => {
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
