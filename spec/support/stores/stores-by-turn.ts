/** Stores of this process that differ in when they answer; all else must be alike. No time passes for them. */
import type { LockoutStore } from '../../../lib/index.js';
import { ManualClock } from './manual-clock.js';
import { SlowStore } from './slow-store.js';
import { stillStore } from './still-store.js';

type NamedStore = readonly [name: string, create: () => LockoutStore];

/** A later turn of the event loop, as an answer from a socket has it. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

const still = () => ({ clock: new ManualClock().read });

export const LATER_STORES: readonly NamedStore[] = [
  ['a store that answers in a microtask', () => new SlowStore(still())],
  ['a store that answers in a later turn', () => new SlowStore(still(), nextTurn)],
];

export const STORES_BY_TURN: readonly NamedStore[] = [['the memory store', stillStore], ...LATER_STORES];
