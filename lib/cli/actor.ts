/** Who acts at the terminal, and why. */
import { userInfo } from 'node:os';
import type { ActorOptions } from '../operator/types.js';

/** What every command that changes something takes. */
export interface ActorFlags {
  readonly by?: string;
  readonly reason?: string;
}

/** Their declarations, for commander. */
export const REASON = ['--reason <text>', 'Why; kept with what you did'] as const;
export const BY = ['--by <name>', 'Your name, kept with what you did (default: your user name)'] as const;

/** Returns the name given with `--by`, or else the user name of the operating system; and the reason, if there is one. */
export function actor({ by, reason }: ActorFlags): ActorOptions {
  const name = by ?? userName();
  return { ...(name && { by: name }), ...(reason !== undefined && { reason }) };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a numeric user id that has no name.
    return '';
  }
}
