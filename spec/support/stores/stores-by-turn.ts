/** Stores of this process that differ in when they answer; all else must be alike. */
import { type LockoutStore, MemoryStore } from '../../../lib/index.js';
import { SlowStore } from './slow-store.js';

type NamedStore = readonly [name: string, create: () => LockoutStore];

/** A later turn of the event loop, as an answer from a socket has it. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export const LATER_STORES: readonly NamedStore[] = [
  ['a store that answers in a microtask', () => new SlowStore()],
  ['a store that answers in a later turn', () => new SlowStore({}, nextTurn)],
];

export const STORES_BY_TURN: readonly NamedStore[] = [['the memory store', () => new MemoryStore()], ...LATER_STORES];
