/** A locked address that floods: what others do is in the log, and the log does not grow with the flood. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../lib/index.js';
import { EventLog } from '../support/tools/events.js';

const REFUSALS = 30_000;
const SECONDS = 10;
const OPTIONS: LockoutOptions = { dimensions: ['ip', 'username'] };
const FLOOD_IP = '198.51.100.1';

/** The same records, and a log that takes its time as a database does. */
function remote(memory: MemoryStore, appendMs: number): LockoutStore {
  const attempts: NonNullable<LockoutStore['attemptLog']> = {
    append: async (entries, retentionMs) => {
      await new Promise((resolve) => setTimeout(resolve, appendMs));
      memory.attemptLog.append(entries, retentionMs);
    },
    query: async (query) => memory.attemptLog.query(query),
    remove: async (removal) => memory.attemptLog.remove(removal),
  };
  const own = { isLocal: false, attempts };
  return new Proxy<LockoutStore>(memory, {
    get(_, name) {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const value: unknown = Reflect.get(memory, name, memory);
      return typeof value === 'function' ? value.bind(memory) : value;
    },
  });
}

const STORES: readonly (readonly [what: string, create: (memory: MemoryStore) => LockoutStore])[] = [
  ['the memory store', (memory) => memory],
  ['a store whose log takes half a second for a batch', (memory) => remote(memory, 500)],
];

for (const [what, createStore] of STORES) {
  describe(`A locked address that sends a flood of attempts (${what})`, () => {
    let timers: sinon.SinonFakeTimers;
    let memory: MemoryStore;
    let lockout: Lockout;
    let events: EventLog;

    beforeEach(async () => {
      timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
      memory = new MemoryStore({ maxAttempts: 100_000 });
      lockout = new Lockout({ ...OPTIONS, store: createStore(memory) });
      events = new EventLog(lockout);
      await lockout.block({ ip: FLOOD_IP }, { for: { hours: 1 } });
    });
    afterEach(() => timers.restore());

    it(`X26 X27 pushes no other entry out of the log, which grows by at most 1,000 entries for ${REFUSALS} refusals and counts them all`, async () => {
      const perTick = REFUSALS / SECONDS / 10;
      let others = 0;
      for (let tick = 0; tick < SECONDS * 10; tick += 1) {
        const flood = Array.from({ length: perTick }, (_, name) =>
          lockout.protect({ username: `${tick} ${name}`, ip: FLOOD_IP }, () => true),
        );
        const ip = `203.0.113.${tick}`;
        others += 2;
        await Promise.all([
          ...flood,
          lockout.protect({ username: `right ${tick}`, ip }, () => true),
          lockout.protect({ username: `wrong ${tick}`, ip }, () => false),
        ]);
        await timers.tickAsync(100);
      }
      const closed = lockout.close();
      await timers.tickAsync(60_000);
      await closed;

      const log = memory.attemptLog.query({
        outcome: undefined,
        username: undefined,
        ip: undefined,
        since: undefined,
        until: undefined,
        after: undefined,
        limit: 100_000,
      });
      const refused = log.filter(({ outcome }) => outcome === 'refused');
      expect(log.length - refused.length).to.equal(others);
      expect(log).to.have.length.at.most(1_000);
      expect(refused.reduce((sum, { count }) => sum + count, 0)).to.equal(REFUSALS);
      expect(events.count('attempt_refused')).to.equal(REFUSALS);
      expect(events.count('warning')).to.equal(0);
    });
  });
}
