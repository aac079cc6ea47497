/** The memory store behind promises, as a database would answer; calls are counted and can be made to fail or hang. */
import type { LockoutStore } from '../../../lib/index.js';
import { MemoryStore, type MemoryStoreOptions } from '../../../lib/index.js';

type Operation = Exclude<keyof LockoutStore, 'isLocal' | 'clock'>;

export class SlowStore implements LockoutStore {
  readonly calls: string[] = [];
  readonly clock: () => number;
  /** When set, calls of these operations reject with it, throw it at once, or never answer. */
  failing: Partial<Record<Operation, 'reject' | 'throw' | 'hang'>> = {};
  readonly #inner: MemoryStore;
  readonly #pause: () => Promise<void>;

  constructor(options: MemoryStoreOptions = {}, pause: () => Promise<void> = () => Promise.resolve()) {
    this.#inner = new MemoryStore(options);
    this.clock = this.#inner.clock;
    this.#pause = pause;
  }

  readonly reserve: LockoutStore['reserve'] = (...args) =>
    this.#run('reserve', args[0].key, () => this.#inner.reserve(...args));
  readonly settle: LockoutStore['settle'] = (...args) =>
    this.#run('settle', `${args[0].key} ${args[3]}`, () => this.#inner.settle(...args));
  readonly read: LockoutStore['read'] = (key) => this.#run('read', key, () => this.#inner.read(key));
  readonly list: LockoutStore['list'] = (query) => this.#run('list', '', () => this.#inner.list(query));
  readonly block: LockoutStore['block'] = (...args) =>
    this.#run('block', args[0].key, () => this.#inner.block(...args));
  readonly reset: LockoutStore['reset'] = (key) => this.#run('reset', key, () => this.#inner.reset(key));
  readonly erase: LockoutStore['erase'] = (key) => this.#run('erase', key, () => this.#inner.erase(key));
  readonly revokeDevices: LockoutStore['revokeDevices'] = (...args) =>
    this.#run('revokeDevices', args[0].key, () => this.#inner.revokeDevices(...args));
  readonly cleanup: LockoutStore['cleanup'] = (key) => this.#run('cleanup', key, () => this.#inner.cleanup(key));
  readonly resetLockedBy: LockoutStore['resetLockedBy'] = (...args) =>
    this.#run('resetLockedBy', args[0], () => this.#inner.resetLockedBy(...args));
  readonly close: LockoutStore['close'] = () => this.#run('close', '', () => this.#inner.close());

  /** How often an operation was asked for, of this key if given. */
  count(operation: Operation, key = ''): number {
    return this.calls.filter((call) => call.startsWith(`${operation} ${key}`)).length;
  }

  #run<T>(operation: Operation, detail: string, act: () => T): Promise<T> {
    this.calls.push(`${operation} ${detail}`);
    const failure = this.failing[operation];
    if (failure === 'throw') throw new Error(`${operation} threw`);
    if (failure === 'reject') return Promise.reject(new Error(`${operation} rejected`));
    if (failure === 'hang') return new Promise(() => {});
    return this.#pause().then(act);
  }
}
