import type { ResolvedOptions } from '../../options/resolve.js';
import type { Finding } from '../finding.js';
import type { Environment } from './environment.js';

/** What is written after the answer may never be: the platform stops the process with it. */
export function checkAudit({ audit, store }: ResolvedOptions, { isServerless }: Environment): readonly Finding[] {
  if (!isServerless || audit !== 'background' || store.isLocal) return [];
  return [
    {
      code: 'WARN_LOCKOUT_AUDIT_SERVERLESS',
      message:
        'the access log is written after the answer, when a serverless function is frozen or ended, so that entries are late or ' +
        "lost; set audit to 'await'",
      option: 'audit',
    },
  ];
}
