/** The contract finds faults: a test that cannot fail would be worth nothing. */
import { expect } from 'chai';
import { MapKeyValue } from '../../examples/custom-store/key-value.js';
import { KeyValueStore } from '../../examples/custom-store/key-value-store.js';
import { LockoutConfigError } from '../../lib/errors.js';
import { MemoryStore } from '../../lib/index.js';
import { type CreateStore, type StoreContractOptions, storeContract } from '../../lib/testing/index.js';
import { DEVICE_FAULTS, DEVICE_STATE_FAULTS } from './faults/devices.js';
import { GUESS_FAULTS, GUESS_STATE_FAULTS } from './faults/guesses.js';
import { alteringStore, SOURCE_FAULTS, STATE_FAULTS } from './faults/sources.js';
import { FAULTS, faultyStore } from './faulty-stores.js';

interface Registered {
  readonly title: string;
  readonly body: () => Promise<void>;
}

/** Registers the contract with a runner that only remembers. */
function testsOf(createStore: CreateStore, options: Partial<StoreContractOptions> = {}): readonly Registered[] {
  const tests: Registered[] = [];
  const groups: string[] = [];
  storeContract({
    name: 'it',
    createStore,
    histories: 20,
    ...options,
    runner: {
      describe: (title, body) => {
        groups.push(title);
        body();
        groups.pop();
      },
      it: (title, body) => tests.push({ title: `${groups.at(-1)}: ${title}`, body }),
    },
  });
  return tests;
}

async function failuresOf(
  createStore: CreateStore,
  options: Partial<StoreContractOptions> = {},
): Promise<readonly string[]> {
  const failed: string[] = [];
  const { stackTraceLimit } = Error;
  // Nobody reads where the thousands of failures come from, and finding that out takes longer than all else.
  Error.stackTraceLimit = 0;
  try {
    for (const { title, body } of testsOf(createStore, options)) {
      await body().catch(() => failed.push(title));
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return failed;
}

/** The example of a custom store has no attempt log, cannot be inspected, and takes one step at a time. */
const IN_A_DATABASE = {
  attemptLog: false,
  activityLog: false,
  restore: false,
  countLocked: false,
  readAll: false,
  inspect: false,
  several: false,
} as const;

const createMemoryStore: CreateStore = (options) => ({ store: new MemoryStore(options) });

describe('storeContract', function () {
  this.timeout(60_000);

  const foundFaultsBy = new Set<string>();

  for (const [name, fault] of Object.entries({ ...FAULTS, ...SOURCE_FAULTS, ...GUESS_FAULTS, ...DEVICE_FAULTS })) {
    it(`finds that a store ${name}`, async () => {
      const failed = await failuresOf(({ clock }) => ({ store: faultyStore(fault, clock) }));
      expect(failed).not.to.deep.equal([]);
      for (const title of failed) foundFaultsBy.add(title);
    });
  }

  for (const [name, alter] of Object.entries({ ...STATE_FAULTS, ...GUESS_STATE_FAULTS, ...DEVICE_STATE_FAULTS })) {
    it(`finds that a store ${name}`, async () => {
      const failed = await failuresOf(({ clock }) => ({ store: alteringStore(alter, clock) }), {
        ...IN_A_DATABASE,
        histories: 0,
      });
      expect(failed).not.to.deep.equal([]);
      for (const title of failed) foundFaultsBy.add(title);
    });
  }

  it('finds that a store reads and then writes, regardless of writes in between', async () => {
    class Careless extends MapKeyValue {
      override async compareAndSet(key: string, _: number, text: string | undefined): Promise<boolean> {
        const version = (await this.get(key))?.version ?? 0;
        return (await super.compareAndSet(key, version, text)) || this.compareAndSet(key, version, text);
      }
    }
    const failed = await failuresOf(
      ({ clock }) => ({ store: new KeyValueStore(new Careless(), clock) }),
      IN_A_DATABASE,
    );
    for (const title of failed) foundFaultsBy.add(title);
    const isParallel = (title: string) => /^in parallel|at once|at the same time/.test(title);
    expect(failed.filter((title) => !isParallel(title))).to.deep.equal([]);
    expect(failed).to.have.length.above(3);
  });

  it('has no test that all of these faulty stores pass', () => {
    const titles = testsOf(createMemoryStore).map(({ title }) => title);
    expect(titles.filter((title) => !foundFaultsBy.has(title))).to.deep.equal([]);
  });

  it('omits tests of a clock, of the attempt log and of histories if its options say so', () => {
    const groupsOf = (options: Partial<StoreContractOptions>) => [
      ...new Set(testsOf(createMemoryStore, options).map(({ title }) => title.split(':')[0])),
    ];
    const groups = groupsOf({});
    expect(groups).to.include.members(['over time', 'attemptLog', 'in random histories']);
    expect(groupsOf({ inspect: false })).to.deep.equal(groups.filter((group) => group !== 'inspect'));
    expect(groupsOf({ several: false })).to.deep.equal(groups.filter((group) => group !== 'several at once'));
    expect(groupsOf({ attemptLog: false })).to.deep.equal(
      groups.filter((group) => group !== 'attemptLog' && group !== 'counts of the attemptLog'),
    );
    expect(groupsOf({ attemptCounts: false })).to.deep.equal(
      groups.filter((group) => group !== 'counts of the attemptLog'),
    );
    expect(groupsOf({ restore: false })).to.deep.equal(groups.filter((group) => group !== 'restore'));
    expect(groupsOf({ countLocked: false })).to.deep.equal(groups.filter((group) => group !== 'countLocked'));
    expect(groupsOf({ readAll: false })).to.deep.equal(groups.filter((group) => group !== 'readAll'));
    expect(groupsOf({ activityLog: false })).to.deep.equal(groups.filter((group) => group !== 'activityLog'));
    expect(groupsOf({ histories: 0 })).to.deep.equal(groups.filter((group) => group !== 'in random histories'));
    expect(groupsOf({ clock: false })).not.to.include.members(['over time', 'in random histories']);
  });

  it('gives every test its own store, which it closes and then disposes of', async () => {
    const events: string[] = [];
    let stores = 0;
    const createStore: CreateStore = (options) => {
      const store = new MemoryStore(options);
      const number = ++stores;
      events.push(`created ${number}`);
      store.close = () => void events.push(`closed ${number}`);
      return { store, dispose: () => events.push(`disposed ${number}`) };
    };
    const [first, second] = testsOf(createStore);
    await first?.body();
    await second?.body();
    expect(events).to.deep.equal(['created 1', 'closed 1', 'disposed 1', 'created 2', 'closed 2', 'disposed 2']);
  });

  it('reports the seed of a history that fails, and replays it with that seed', async () => {
    const createStore: CreateStore = ({ clock }) => ({
      store: faultyStore(FAULTS['grants one slot too many'] as never, clock),
    });
    const play = async (options: Partial<StoreContractOptions>) => {
      const histories = testsOf(createStore, options).at(-1);
      return histories?.body().then(
        () => 'passed',
        ({ message }: Error) => message,
      );
    };
    const message = await play({ histories: 1_000 });
    const seed = Number(/seed: (\d+)/.exec(message ?? '')?.[1]);
    expect(await play({ histories: 1_000, seed })).to.match(new RegExp(`seed: ${seed}\\b`));
  });

  const BAD_OPTIONS = [
    { title: 'an unknown option', change: { historys: 5 }, message: /there is no such option; did you mean histories/ },
    {
      title: 'a number of histories below 0',
      change: { histories: -1 },
      message: /histories: expected a whole number/,
    },
    { title: 'no store', change: { createStore: undefined }, message: /createStore: expected a function/ },
    {
      title: 'an invalid runner',
      change: { runner: {} },
      message: /runner: expected an object with describe and it/,
    },
  ];
  for (const { title, change, message } of BAD_OPTIONS) {
    it(`rejects ${title}`, () => {
      const options = { name: 'it', createStore: createMemoryStore, ...change } as StoreContractOptions;
      expect(() => storeContract(options)).to.throw(LockoutConfigError, message);
    });
  }
});
