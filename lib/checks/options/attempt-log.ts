import type { ResolvedOptions } from '../../options/resolve.js';
import type { Found } from '../finding.js';
import type { Environment } from './environment.js';

/** On a serverless platform, a log written after the answer may be lost: the platform stops the process once it has answered. */
export function checkAttemptLog(
  { attemptLog, store }: ResolvedOptions,
  { isServerless }: Environment,
): readonly Found[] {
  if (!isServerless || attemptLog !== 'background' || store.isLocal) return [];
  return [
    {
      code: 'WARN_LOCKOUT_LOG_SERVERLESS',
      message:
        'the attempt log is written after the answer, when a serverless function is frozen or ended, so entries are late or ' +
        "lost; set attemptLog to 'await'",
      option: 'attemptLog',
    },
  ];
}
