/** Entries of logins whose session gets another id after them. */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import sinon, { type SinonFakeTimers } from 'sinon';
import { OpenLogins } from '../../lib/log/open-logins.js';
import type { NewAttemptEntry } from '../../lib/stores/attempt-log.js';
import { entryWith } from '../support/fixtures/attempt-entries.js';

const hashOf = (id: string) => createHash('sha256').update(id).digest('hex');
const ENTRY = entryWith({ outcome: 'succeeded', sessionHash: hashOf('before') });

class Answered extends EventEmitter {
  readonly writableEnded: boolean = false;
}

describe('OpenLogins', () => {
  let timers: SinonFakeTimers;
  let logged: (readonly [NewAttemptEntry['sessionHash'], number])[];
  let logins: OpenLogins;
  let req: { sessionID?: string; res?: Answered };

  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    logged = [];
    logins = new OpenLogins(({ sessionHash }, at) => logged.push([sessionHash, at]));
    req = { sessionID: 'before', res: new Answered() };
  });
  afterEach(() => timers.restore());

  const hold = (of: object | undefined = req) => logins.hold(ENTRY, of);

  it('logs a login when its response has ended, with the time of the login', () => {
    const at = performance.now();
    expect(hold()).to.equal(true);
    timers.tick(100);
    req.sessionID = 'after';
    expect(logged).to.deep.equal([]);

    req.res?.emit('close');

    expect(logged).to.deep.equal([[hashOf('after'), at]]);
  });

  it('logs the session id that is left in the end, or none if the session is gone', () => {
    hold();
    req.res?.emit('close');
    hold();
    delete req.sessionID;
    req.res?.emit('close');

    expect(logged.map(([hash]) => hash)).to.deep.equal([hashOf('before'), null]);
  });

  it('waits five seconds for each login, and no longer, if its response does not end', () => {
    hold({ sessionID: 'one' });
    timers.tick(3_000);
    hold({ sessionID: 'two' });
    timers.tick(1_999);
    expect(logged).to.have.length(0);
    timers.tick(1);
    expect(logged).to.have.length(1);
    timers.tick(3_000);
    expect(logged).to.have.length(2);
    expect(timers.countTimers()).to.equal(0);
  });

  it('loses no login when the process shuts down in order, and logs each once', () => {
    hold();
    logins.flush();
    logins.flush();
    req.res?.emit('close');
    timers.tick(10_000);

    expect(logged).to.have.length(1);
    expect(timers.countTimers()).to.equal(0);
  });

  it('adds one listener to a request that logs in many times', () => {
    for (let login = 0; login < 20; login += 1) hold();
    expect(req.res?.listenerCount('close')).to.equal(1);
    req.res?.emit('close');
    expect(logged).to.have.length(20);
  });

  it('does not hold a login without a request, without a session, or after the response', () => {
    const { sessionHash: _, ...rest } = ENTRY;
    expect(logins.hold(ENTRY, undefined)).to.equal(false);
    expect(logins.hold({ ...rest, sessionHash: null }, req)).to.equal(false);
    expect(hold({ sessionID: 'before', res: { writableEnded: true } })).to.equal(false);
  });

  it('holds at most a thousand logins', () => {
    for (let index = 0; index < 1_000; index += 1) expect(hold({ sessionID: 'before' })).to.equal(true);
    expect(hold({ sessionID: 'before' })).to.equal(false);
  });
});
