/** The lines of a log: what they tell, in which order, and that no client writes a part of them. */
import { expect } from 'chai';
import sinon from 'sinon';
import { exactName, type LineLogger, Lockout, type LockoutOptions, logLockout, MemoryStore } from '../../lib/index.js';
import { onEvery } from '../support/fixtures/ladders.js';
import { ManualClock } from '../support/stores/manual-clock.js';

const IP = '203.0.113.9';
const LIMIT_2 = onEvery([{ failures: 2, cooloff: { minutes: 15 } }]);

class Lines implements LineLogger {
  readonly all: string[] = [];
  readonly info = (line: string): void => void this.all.push(`info ${line}`);
  readonly warn = (line: string): void => void this.all.push(`warn ${line}`);

  /** The first line of this event. */
  of(event: string): string {
    return this.all.find((line) => line.includes(` passport-lockout: ${event} `)) ?? '';
  }
}

describe('logLockout()', () => {
  let lines: Lines;

  beforeEach(() => {
    lines = new Lines();
  });
  afterEach(() => sinon.restore());

  function loggedLockout(options: LockoutOptions = {}): Lockout {
    const lockout = new Lockout({
      store: new MemoryStore({ clock: new ManualClock().read }),
      tiers: LIMIT_2,
      ...options,
    });
    logLockout(lockout, lines);
    return lockout;
  }

  const attempt = (lockout: Lockout, username = 'alice', isRight = false) =>
    lockout.protect({ username, req: { ip: IP }, action: 'local' }, () => isRight);

  it('writes each event as one line, with the failures and the limit', async () => {
    const lockout = loggedLockout({ signals: { usernames: 2, newFailures: 9, factor: 1 } });

    await attempt(lockout, 'bob', true);
    await attempt(lockout);
    await attempt(lockout);
    await attempt(lockout);
    await lockout.unblock({ username: 'alice' }, { by: 'olga' });

    expect(lines.all).to.deep.equal([
      `info passport-lockout: attempt_succeeded ip=${IP} device=- action="local" username="bob"`,
      `info passport-lockout: attempt_failed ip=${IP} device=- repeated=false failures="username 1 of 2, ip 1 of 2" action="local" username="alice"`,
      `info passport-lockout: attempt_failed ip=${IP} device=- repeated=false failures="username 2 of 2, ip 2 of 2" action="local" username="alice"`,
      `warn passport-lockout: username_blocked ip=${IP} enforced=true dimension=username cause=tier tier=0 failures="2 of 2" places=1 until=2100-01-01T00:15:00.000Z username="alice"`,
      `warn passport-lockout: ip_blocked ip=${IP} enforced=true dimension=ip cause=tier tier=0 failures="2 of 2" places=1 until=2100-01-01T00:15:00.000Z`,
      `info passport-lockout: attempt_refused ip=${IP} enforced=true reason=locked dimension=username retryAfter=900 device=- action="local" username="alice"`,
      'info passport-lockout: unblocked ip=- dimension=username failures=2 by="olga" username="alice"',
    ]);
  });

  it("writes an operator's block with its reason, and until when", async () => {
    const lockout = loggedLockout();

    await lockout.block({ ip: IP }, { for: 'forever', reason: 'a "scanner"', by: 'olga' });

    expect(lines.all).to.deep.equal([
      `warn passport-lockout: ip_blocked ip=${IP} enforced=true dimension=ip cause=operator tier=- failures="0 of -" places=0 until=reset by="olga" reason="a \\u{22}scanner\\u{22}"`,
    ]);
  });

  it('writes signals, errors of the store and warnings', async () => {
    class FailingStore extends MemoryStore {
      override reserveAll(): never {
        throw new Error('no connection to mongodb://app:hunter2@db');
      }
    }
    const spray = loggedLockout({ signals: { usernames: 2, newFailures: 2, factor: 1 } });
    await attempt(spray);
    await attempt(spray, 'bob');
    await attempt(loggedLockout({ store: new FailingStore() }));

    expect(lines.of('spray_detected')).to.equal(
      `warn passport-lockout: spray_detected ip=${IP} dimension=ip usernames=2 failures=2`,
    );
    expect(lines.of('attack_suspected')).to.match(/^warn .+ failures=2 usual=0 since=\S+Z$/);
    expect(lines.of('store_error')).to.match(
      /^warn .+ operation=reserve code=ERR_LOCKOUT_STORE_FAILED error="the store failed at 'reserve'" cause="no connection to [^"]+"$/,
    );
    expect(lines.of('store_error')).not.to.include('hunter2');
  });

  it('writes the address as an address, and nothing in its place', async () => {
    const lockout = loggedLockout({ pseudonymize: 's'.repeat(32) });

    await lockout.protect({ username: 'alice' }, () => false);
    await lockout.protect({ username: 'alice', ip: '2001:db8:1:2:3::4' }, () => false);
    await lockout.protect({ username: 'bob', ip: '2001:db8:1:2:3::4' }, () => false);
    await lockout.reset({ all: true });

    const addressesOf = (event: string) =>
      lines.all.filter((line) => line.includes(` ${event} `)).map((line) => / ip=(\S+)/.exec(line)?.[1]);
    expect(addressesOf('attempt_failed')).to.deep.equal(['-', '2001:db8:1:2:3::4', '2001:db8:1:2:3::4']);
    expect(addressesOf('ip_blocked')).to.deep.equal(['2001:db8:1:2::/64']);
    // Only pseudonyms are known of what an operator frees.
    expect(addressesOf('unblocked')).to.deep.equal(['-', '-']);
  });

  it('masks what the option sensitive names', async () => {
    const lockout = loggedLockout({ sensitive: ['username', 'ip'] });

    await attempt(lockout);
    await attempt(lockout);
    await attempt(lockout);

    expect(lines.all).to.have.length(5);
    expect(lines.all.join()).to.include('username="********"').and.not.include('alice').and.not.include(IP);
  });

  it('ends when it is stopped', async () => {
    const lockout = new Lockout();
    const stop = logLockout(lockout, lines);

    stop();
    await attempt(lockout);

    expect(lines.all).to.deep.equal([]);
  });

  it('fails no login if the logger throws, and warns', async () => {
    const emitWarning = sinon.stub(process, 'emitWarning');
    const lockout = new Lockout();
    const fail = sinon.stub().throws(new Error('disk full'));
    logLockout(lockout, { info: fail, warn: fail });

    const { outcome } = await attempt(lockout, 'alice', true);

    expect(outcome).to.equal('succeeded');
    sinon.assert.called(emitWarning);
  });

  it('refuses anything but a lockout and a logger', () => {
    expect(() => logLockout({} as Lockout, console)).to.throw(/^lockout: expected a Lockout/);
    expect(() => logLockout(new Lockout(), {} as LineLogger)).to.throw(
      /^logger: expected an object with the functions/,
    );
  });

  const HOSTILE = [
    'x" ip=1.2.3.4 enforced=true username="y',
    'x\npassport-lockout: ip_blocked ip=1.2.3.4 enforced=true',
    '\u2028passport-lockout: ip_blocked ip=1.2.3.4 enforced=true',
    'x\\u{22} ip=1.2.3.4',
    "o'neil %s %d {0} $(ip) \u202e",
    '"'.repeat(300),
  ];
  for (const name of HOSTILE) {
    it(`X39 keeps the username ${JSON.stringify(name.slice(0, 50))} between its quotes`, async () => {
      const lockout = loggedLockout({ canonicalUsername: (given) => String(given) });
      await attempt(lockout, name);
      await attempt(lockout, name);
      await attempt(lockout, name);

      expect(lines.all).to.have.length(5);
      for (const line of lines.all) {
        expect(line).to.match(/^[\x20-\x7e]+$/);
        expect(line.match(/ip=/g)).to.have.length(1);
        expect(line).to.match(/^(?:[^"]*"[^"=]*")*[^"]*$/);
      }
      const [, shown = ''] = / username="([^"]*)"$/.exec(lines.all[0] ?? '') ?? [];
      if (name.length < 256) expect(exactName(shown)).to.equal(name);
    });
  }
});
