/** What the parts of the store have in common. */
import type { Keys } from './keys.js';
import type { ScriptRunner } from './script-runner.js';
import type { ScriptTime } from './script-time.js';

export interface RedisParts {
  readonly scripts: ScriptRunner;
  readonly keys: Keys;
  readonly time: ScriptTime;
}
