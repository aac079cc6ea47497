/** The name of the operator at the terminal. */
import { userInfo } from 'node:os';
import type { ActorOptions } from '../operator/types.js';

/** Returns the name given with `--by`, or else the user name of the operating system. */
export function actor({ by }: { readonly by?: string }): ActorOptions {
  const name = by ?? userName();
  return name ? { by: name } : {};
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a numeric user id that has no name.
    return '';
  }
}
