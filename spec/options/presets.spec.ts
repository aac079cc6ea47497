/** Each preset does what its source specifies. */
import { expect } from 'chai';
import { guessesPerYear, Lockout, MemoryStore, presets } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';

const IP = '203.0.113.9';
const wrong = () => false;
const right = () => true;

describe('The preset', () => {
  let clock: ManualClock;
  let lockout: Lockout;

  function start(name: keyof typeof presets): void {
    clock = new ManualClock();
    lockout = new Lockout({ ...presets[name], store: new MemoryStore({ clock: clock.read }) });
  }

  /** Fails until the account is locked, and answers for how long, in minutes; null for until reset. */
  async function failUntilLocked(username: string): Promise<{ failures: number; minutes: number | null }> {
    for (let failures = 1; ; failures += 1) {
      const result = await lockout.protect({ username, ip: IP }, wrong);
      if (result.outcome !== 'failed') throw new Error('locked before the failure that locks');
      if (!result.locked) continue;
      const { retryAfter } = result.locked;
      return { failures, minutes: retryAfter === null ? null : retryAfter / 60 };
    }
  }

  describe('axes', () => {
    beforeEach(() => start('axes'));

    it('locks an address until reset at its third failure, whoever failed', async () => {
      for (const username of ['alice', 'bob']) await lockout.protect({ username, ip: IP }, wrong);
      expect(await failUntilLocked('carol')).to.deep.equal({ failures: 1, minutes: null });
      clock.advance({ days: 3_650 });
      expect((await lockout.protect({ username: 'dave', ip: IP }, right)).outcome).to.equal('refused');
      expect((await lockout.protect({ username: 'alice', ip: '198.51.100.1' }, right)).outcome).to.equal('succeeded');
    });

    it('forgets no failure, neither by time nor by a success', async () => {
      await lockout.protect({ username: 'alice', ip: IP }, wrong);
      clock.advance({ days: 3_650 });
      await lockout.protect({ username: 'alice', ip: IP }, right);
      expect(await lockout.status({ ip: IP })).to.include({ failures: 1 });
    });
  });

  describe('defender', () => {
    beforeEach(() => start('defender'));

    it('lets three failures pass and locks for five minutes at the fourth', async () => {
      expect(await failUntilLocked('alice')).to.deep.equal({ failures: 4, minutes: 5 });
    });

    it('has forgotten all failures after five quiet minutes', async () => {
      for (let failure = 0; failure < 3; failure += 1) await lockout.protect({ username: 'alice', ip: IP }, wrong);
      clock.advance({ minutes: 5 });
      expect(await failUntilLocked('alice')).to.deep.equal({ failures: 4, minutes: 5 });
    });
  });

  describe('owasp', () => {
    beforeEach(() => start('owasp'));

    it('locks for a second, then twice as long with each failure, up to an hour', async () => {
      const minutes: (number | null)[] = [];
      for (let lock = 0; lock < 15; lock += 1) {
        const locked = await failUntilLocked('alice');
        minutes.push(locked.minutes);
        clock.advance({ minutes: locked.minutes ?? 0 });
      }
      const doubling = Array.from({ length: 12 }, (_, step) => 2 ** step / 60);
      expect(minutes).to.deep.equal([...doubling, 60, 60, 60]);
    });

    it('allows an account fewer than 100 failures an hour', async () => {
      const startedAt = clock.read();
      let failures = 0;
      while (clock.read() - startedAt < 3_600_000) {
        const locked = await failUntilLocked('alice');
        failures += locked.failures;
        clock.advance({ minutes: locked.minutes ?? 0 });
      }
      expect(failures).to.be.below(100);
    });
  });

  describe('nist', () => {
    beforeEach(() => start('nist'));

    it('lets an account fail 100 times in a row at most, in waits of 30 seconds to an hour, and then locks until reset', async () => {
      const minutes: (number | null)[] = [];
      let failures = 0;
      for (let isEnded = false; !isEnded; ) {
        const locked = await failUntilLocked('alice');
        failures += locked.failures;
        minutes.push(locked.minutes);
        clock.advance({ minutes: locked.minutes ?? 0 });
        isEnded = locked.minutes === null;
      }
      expect(failures).to.equal(100);
      expect(minutes.slice(0, 3)).to.deep.equal([0.5, 1, 2]);
      expect(minutes.slice(0, -1).at(-1)).to.equal(60);
      clock.advance({ days: 3_650 });
      expect((await lockout.protect({ username: 'alice', ip: IP }, right)).outcome).to.equal('refused');
    });

    it('forgives all earlier failures with a success', async () => {
      for (let failure = 0; failure < 2; failure += 1) await lockout.protect({ username: 'alice', ip: IP }, wrong);
      await lockout.protect({ username: 'alice', ip: IP }, right);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, consecutiveFailures: 0 });
    });
  });

  describe('pci', () => {
    beforeEach(() => start('pci'));

    it('allows ten attempts and then locks for thirty minutes, each time', async () => {
      expect(await failUntilLocked('alice')).to.deep.equal({ failures: 10, minutes: 30 });
      clock.advance({ minutes: 30 });
      expect(await failUntilLocked('alice')).to.deep.equal({ failures: 1, minutes: 30 });
    });
  });

  it('objects are plain options, to be changed by spreading them', () => {
    for (const preset of Object.values(presets))
      expect(() => new Lockout({ ...preset, mode: 'monitor' })).not.to.throw();
  });
});

describe('guessesPerYear', () => {
  it('returns the bound of each dimension, in order', () => {
    expect(guessesPerYear()).to.deep.equal([
      { dimension: 'username', guesses: 472, atOwnersPlace: 472 + 5 * 365 },
      { dimension: 'ip', guesses: 36_225, atOwnersPlace: null },
    ]);
  });

  for (const options of [{ mode: 'monitor' }, { enabled: false }] as const) {
    it(`returns no bound if nothing is refused: ${JSON.stringify(options)}`, () => {
      expect(guessesPerYear({ ...options, dimensions: ['username'] })).to.deep.equal([
        { dimension: 'username', guesses: Number.POSITIVE_INFINITY, atOwnersPlace: Number.POSITIVE_INFINITY },
      ]);
    });
  }

  it('returns no bound for an owner who logs in if a success forgives everything', () => {
    const [budget] = guessesPerYear({ resetOnSuccess: 'all' });
    expect(budget).to.deep.equal({ dimension: 'username', guesses: 472, atOwnersPlace: Number.POSITIVE_INFINITY });
  });

  it('adds nothing for logins of the owner if a success forgives nothing', () => {
    const [budget] = guessesPerYear({ resetOnSuccess: false });
    expect(budget).to.deep.equal({ dimension: 'username', guesses: 472, atOwnersPlace: 472 });
  });

  it('calls functions of the attempt with the given attempt', () => {
    const options = {
      dimensions: ({ ip }: { ip: string | undefined }) =>
        ip === undefined ? (['username'] as const) : (['ip'] as const),
      tiers: ({ username }: { username: string | undefined }) => [
        { failures: username === 'root' ? 1 : 5, cooloff: 'forever' as const },
      ],
      forgetAfter: 'forever' as const,
    };
    expect(guessesPerYear(options)).to.deep.equal([{ dimension: 'username', guesses: 5, atOwnersPlace: 5 + 5 * 365 }]);
    expect(guessesPerYear(options, { username: 'root', ip: IP })).to.deep.equal([
      { dimension: 'ip', guesses: 1, atOwnersPlace: null },
    ]);
  });

  it('rejects invalid options as a lockout does', () => {
    expect(() => guessesPerYear({ tiers: [] })).to.throw(
      'options.tiers: expected at least one tier, got an empty array',
    );
  });
});
