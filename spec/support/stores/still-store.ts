import { MemoryStore } from '../../../lib/index.js';
import { ManualClock } from './manual-clock.js';

/** A memory store for which no time passes, so that times are exact however slow the machine is. */
export function stillStore(): MemoryStore {
  return new MemoryStore({ clock: new ManualClock().read });
}
