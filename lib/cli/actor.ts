/** Who sits at the terminal. */
import { userInfo } from 'node:os';
import type { ActorOptions } from '../operator/types.js';

/** `--by`, else the name of the operating system's user. */
export function actor({ by }: { readonly by?: string }): ActorOptions {
  const name = by ?? userName();
  return name ? { by: name } : {};
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number without a name.
    return '';
  }
}
