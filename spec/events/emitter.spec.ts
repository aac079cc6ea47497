import { expect } from 'chai';
import sinon from 'sinon';
import { LockoutEmitter } from '../../lib/events/emitter.js';
import type { LockoutEvents, StoreErrorEvent, WarningEvent } from '../../lib/events/types.js';
import { isThenable } from '../../lib/util/awaitable.js';

/** Opens what the engine alone may call. */
class Emitter extends LockoutEmitter {
  override notify<K extends keyof LockoutEvents>(event: K, payload: () => LockoutEvents[K][0]): void {
    super.notify(event, payload);
  }

  override warn(warning: WarningEvent): void {
    super.warn(warning);
  }

  override warnOnce(warning: WarningEvent): void {
    super.warnOnce(warning);
  }
}

const HELP = 'passport-lockout/docs/checks.md#warn_lockout_listener_failed';

describe('LockoutEmitter', () => {
  let emitter: Emitter;
  let emitWarning: sinon.SinonStub;
  const trouble: StoreErrorEvent = { operation: 'reserve', error: new Error('connection lost') };
  const warning = {
    code: 'WARN_LOCKOUT_CLOCK_SKEW',
    message: 'something looks odd',
    help: 'passport-lockout/docs/checks.md#warn_lockout_clock_skew',
  } as const;
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    emitter = new Emitter();
    emitWarning = sinon.stub(process, 'emitWarning');
  });

  afterEach(() => {
    sinon.restore();
  });

  describe('notify()', () => {
    it('passes every listener the same payload, with the emitter as this', () => {
      const listeners = [sinon.spy(), sinon.spy()];
      for (const listener of listeners) emitter.on('store_error', listener);
      emitter.notify('store_error', () => trouble);
      for (const listener of listeners) {
        sinon.assert.calledOnceWithExactly(listener, trouble);
        sinon.assert.calledOn(listener, emitter);
      }
    });

    it('builds the payload only if there is a listener, and then once', () => {
      const payload = sinon.stub().returns(trouble);
      emitter.notify('store_error', payload);
      sinon.assert.notCalled(payload);
      emitter.on('store_error', () => {});
      emitter.on('store_error', () => {});
      emitter.notify('store_error', payload);
      sinon.assert.calledOnce(payload);
    });

    it('calls a listener added with once a single time', () => {
      const listener = sinon.spy();
      emitter.once('store_error', listener);
      emitter.notify('store_error', () => trouble);
      emitter.notify('store_error', () => trouble);
      sinon.assert.calledOnceWithExactly(listener, trouble);
    });

    it('does not call a listener that was removed', () => {
      const listener = sinon.spy();
      emitter.on('store_error', listener).off('store_error', listener);
      emitter.notify('store_error', () => trouble);
      sinon.assert.notCalled(listener);
    });
  });

  describe('with a listener that fails', () => {
    const bug = new Error('a bug in the listener');
    const FAILING: readonly { title: string; listener: (...args: unknown[]) => unknown }[] = [
      {
        title: 'throws',
        listener: () => {
          throw bug;
        },
      },
      { title: 'rejects', listener: () => Promise.reject(bug) },
      {
        title: 'returns a thenable that rejects',
        // biome-ignore lint/suspicious/noThenProperty: a thenable that is no promise is the case
        listener: () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(bug) }),
      },
      {
        title: 'returns a thenable that throws',
        listener: () => ({
          // biome-ignore lint/suspicious/noThenProperty: a thenable that is no promise is the case
          then: () => {
            throw bug;
          },
        }),
      },
    ];
    for (const { title, listener } of FAILING) {
      it(`F36 turns one that ${title} into a warning and still calls the others`, async () => {
        const warned = sinon.spy();
        const next = sinon.spy();
        emitter.on('warning', warned).on('store_error', listener).on('store_error', next);
        emitter.notify('store_error', () => trouble);
        await nextTurn();
        sinon.assert.calledOnce(next);
        sinon.assert.calledOnceWithExactly(warned, {
          code: 'WARN_LOCKOUT_LISTENER_FAILED',
          message: "a listener of 'store_error' failed; logins are not affected",
          cause: bug,
          help: HELP,
        });
        sinon.assert.notCalled(emitWarning);
      });

      it(`F36 catches one that ${title} when it was added with once, too`, async () => {
        const warned = sinon.spy();
        emitter.on('warning', warned).once('store_error', listener);
        emitter.notify('store_error', () => trouble);
        await nextTurn();
        sinon.assert.calledOnce(warned);
      });

      it(`F36 emits a process warning for a warning listener that ${title}, without calling it again`, async () => {
        const failing = sinon.spy(listener);
        emitter.on('warning', failing);
        emitter.warn(warning);
        await nextTurn();
        sinon.assert.calledOnceWithExactly(failing, warning);
        sinon.assert.calledOnceWithExactly(emitWarning, "a listener of 'warning' failed; logins are not affected", {
          type: 'LockoutWarning',
          code: 'WARN_LOCKOUT_LISTENER_FAILED',
          detail: `See ${HELP}\n${bug.stack}`,
        });
      });
    }

    it('F36 emits one process warning, not one per login, if warnings have no listener', () => {
      emitter.on('store_error', () => {
        throw bug;
      });
      for (let login = 0; login < 3; login += 1) emitter.notify('store_error', () => trouble);
      sinon.assert.calledOnce(emitWarning);
    });

    it('F36 reports a thrown value that is not an error without a stack', () => {
      emitter.on('store_error', () => {
        throw 'a text';
      });
      emitter.notify('store_error', () => trouble);
      sinon.assert.calledOnceWithExactly(emitWarning, sinon.match.string, {
        type: 'LockoutWarning',
        code: 'WARN_LOCKOUT_LISTENER_FAILED',
        detail: `See ${HELP}`,
      });
    });
  });

  describe('warn()', () => {
    it('emits a warning to listeners each time, and no process warning', () => {
      const listener = sinon.spy();
      emitter.on('warning', listener);
      emitter.warn(warning);
      emitter.warn(warning);
      sinon.assert.calledTwice(listener);
      sinon.assert.alwaysCalledWithExactly(listener, warning);
      sinon.assert.notCalled(emitWarning);
    });

    it('emits a process warning once per code if there is no listener', () => {
      emitter.warn(warning);
      emitter.warn(warning);
      emitter.warn({ ...warning, code: 'WARN_LOCKOUT_LOG_LOST' });
      expect(emitWarning.args.map(([message, options]) => [message, options])).to.deep.equal([
        [
          'something looks odd',
          { type: 'LockoutWarning', code: 'WARN_LOCKOUT_CLOCK_SKEW', detail: `See ${warning.help}` },
        ],
        [
          'something looks odd',
          {
            type: 'LockoutWarning',
            code: 'WARN_LOCKOUT_LOG_LOST',
            detail: 'See passport-lockout/docs/checks.md#warn_lockout_log_lost',
          },
        ],
      ]);
    });

    it('still emits to a listener that was added after the process warning', () => {
      const listener = sinon.spy();
      emitter.warn(warning);
      emitter.on('warning', listener);
      emitter.warn(warning);
      sinon.assert.calledOnceWithExactly(listener, warning);
    });
  });

  describe('warnOnce()', () => {
    it('emits each code once', () => {
      const listener = sinon.spy();
      emitter.on('warning', listener);
      const other = {
        ...warning,
        code: 'WARN_LOCKOUT_LOG_LOST',
        help: 'passport-lockout/docs/checks.md#warn_lockout_log_lost',
      } as const;
      for (const each of [warning, warning, other, other]) emitter.warnOnce(each);
      expect(listener.args).to.deep.equal([[warning], [other]]);
    });

    it('emits one process warning if there is no listener', () => {
      emitter.warnOnce(warning);
      emitter.warnOnce(warning);
      sinon.assert.calledOnce(emitWarning);
    });

    it('does not repeat to later listeners what was a process warning', () => {
      const listener = sinon.spy();
      emitter.warnOnce(warning);
      emitter.on('warning', listener);
      emitter.warnOnce(warning);
      sinon.assert.notCalled(listener);
    });

    it('keeps track for each emitter separately', () => {
      const listener = sinon.spy();
      for (const each of [emitter, new Emitter()]) {
        each.on('warning', listener);
        each.warnOnce(warning);
      }
      sinon.assert.calledTwice(listener);
    });
  });
});

describe('isThenable', () => {
  const THINGS = [
    { title: 'a promise', thing: Promise.resolve(), is: true },
    // biome-ignore lint/suspicious/noThenProperty: a thenable that is no promise is the case
    { title: 'an object with then', thing: { then: () => {} }, is: true },
    // biome-ignore lint/suspicious/noThenProperty: the same
    { title: 'a function with then', thing: Object.assign(() => {}, { then: () => {} }), is: true },
    // biome-ignore lint/suspicious/noThenProperty: the same
    { title: 'an object whose then is not a function', thing: { then: 1 }, is: false },
    { title: 'an object', thing: {}, is: false },
    { title: 'a function', thing: () => {}, is: false },
    { title: 'null', thing: null, is: false },
    { title: 'undefined', thing: undefined, is: false },
    { title: 'a string', thing: 'then', is: false },
  ];
  for (const { title, thing, is } of THINGS) {
    it(`returns ${is} for ${title}`, () => {
      expect(isThenable(thing)).to.equal(is);
    });
  }
});
