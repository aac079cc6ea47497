import type { AttemptFailedEvent, PublishedEvent } from '../events/types.js';
import type { LabelsOf } from './definitions.js';
import type { FewNames } from './few-names.js';

export type AttemptMessage =
  | PublishedEvent<'attempt_failed'>
  | PublishedEvent<'attempt_succeeded'>
  | PublishedEvent<'attempt_refused'>;

/** Returns the labels of an attempt: its outcome and why, but nothing about who it was. */
export function attemptLabels(message: AttemptMessage, strategies: FewNames): LabelsOf['attempts'] {
  const { action, device } = message.payload.attempt;
  return {
    ...outcomeOf(message),
    ...(action && { strategy: strategies.bound(action) }),
    ...(device && { device }),
  };
}

function outcomeOf(message: AttemptMessage): LabelsOf['attempts'] {
  switch (message.event) {
    case 'attempt_refused':
      return { outcome: 'refused', reason: message.payload.reason };
    case 'attempt_failed': {
      const near_limit = isNearLimit(message.payload) ? 'true' : 'false';
      return { outcome: 'failed', near_limit, ...(message.payload.repeated && { reason: 'repeated' }) };
    }
    case 'attempt_succeeded':
      return { outcome: 'succeeded' };
  }
}

/** Whether one more failure locks a subject: people who get there often have a policy that is too strict. */
function isNearLimit({ subjects }: AttemptFailedEvent): boolean {
  return subjects.some(({ failures, limit }) => limit !== null && limit - failures === 1);
}
