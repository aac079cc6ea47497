/** The line of each event. A word of a line, once published, stays: filters of fail2ban and searches depend on it. */
import { shownOf } from '../events/masking.js';
import type {
  AttackEvent,
  AttemptEvent,
  AttemptFailedEvent,
  AttemptRefusedEvent,
  BlockedEvent,
  SprayDetectedEvent,
  StoreErrorEvent,
  UnblockedEvent,
  WarningEvent,
} from '../events/types.js';
import type { AttemptFacts } from '../subject/attempt.js';
import type { SubjectFacts } from '../subject/facts.js';
import { rootCauseOf } from '../util/causes.js';
import { addressOf, NONE, toLine } from './fields.js';

type Quoted = Readonly<Record<string, string | undefined>>;

export function failedLine(event: AttemptFailedEvent): string {
  const { attempt, repeated = false } = event;
  const plain = { ip: addressOfAttempt(attempt), device: attempt.device, repeated, failures: `"${countsOf(event)}"` };
  return toLine('attempt_failed', plain, whoOf(attempt));
}

export function succeededLine({ attempt }: AttemptEvent): string {
  return toLine('attempt_succeeded', { ip: addressOfAttempt(attempt), device: attempt.device }, whoOf(attempt));
}

export function refusedLine({ attempt, reason, refusedBy, retryAfter, enforced }: AttemptRefusedEvent): string {
  const plain = {
    ip: addressOfAttempt(attempt),
    enforced,
    reason,
    dimension: refusedBy?.dimension,
    retryAfter,
    device: attempt.device,
  };
  return toLine('attempt_refused', plain, whoOf(attempt));
}

/** Named as the event of its dimension, so that a filter can tell an address that is locked from one that locked a name. */
export function blockedLine(event: BlockedEvent): string {
  const { dimension, enforced, cause, tier, failures, limit, places, lockedUntil, by, reason, attempt } = event;
  const isNamed = dimension === 'ip' || dimension === 'username';
  const plain = {
    ip: ipOf(event, attempt),
    enforced,
    dimension,
    cause,
    tier,
    failures: `"${failures} of ${limit ?? NONE}"`,
    places,
    until: lockedUntil?.toISOString() ?? 'reset',
  };
  return toLine(isNamed ? `${dimension}_blocked` : 'blocked', plain, { by, reason, ...partsOf(event) });
}

export function unblockedLine(event: UnblockedEvent): string {
  const { dimension, failures, by } = event;
  return toLine('unblocked', { ip: ipOf(event, null), dimension, failures }, { by, ...partsOf(event) });
}

export function sprayLine({ subject, usernames, failures, attempt }: SprayDetectedEvent): string {
  const plain = { ip: ipOf(subject, attempt), dimension: subject.dimension, usernames, failures };
  return toLine('spray_detected', plain, partsOf(subject));
}

export function attackLine(event: 'attack_suspected' | 'attack_over', { failures, usual, since }: AttackEvent): string {
  return toLine(event, { failures, usual: Math.round(usual), since: since.toISOString() });
}

export function storeErrorLine({ operation, error }: StoreErrorEvent): string {
  const { code } = error as { readonly code?: string };
  return toLine('store_error', { operation, code }, { error: error.message, cause: rootCauseOf(error) });
}

export function warningLine({ code, option, help, message, cause }: WarningEvent): string {
  const root = cause === undefined ? undefined : rootCauseOf(new Error(message, { cause }));
  return toLine('warning', { code, option, help }, { message, cause: root });
}

/** Returns the address of the subject, else that of the attempt. */
function ipOf(subject: SubjectFacts, attempt: AttemptFacts | null): string {
  if (subject.parts['ip'] !== undefined) return addressOf(shownOf(subject.parts, 'ip'));
  return attempt ? addressOfAttempt(attempt) : NONE;
}

function addressOfAttempt(attempt: AttemptFacts): string {
  return addressOf(shownOf(attempt, 'address'));
}

/** Returns what the client, or an application on its behalf, may have chosen. */
function whoOf(attempt: AttemptFacts): Quoted {
  return { action: attempt.action, username: shownOf(attempt, 'username') };
}

/** Returns the parts of a subject; its address stands at the beginning of the line. */
function partsOf({ parts }: SubjectFacts): Quoted {
  const names = Object.getOwnPropertyNames(parts).filter((name) => name !== 'ip' && typeof parts[name] === 'string');
  return Object.fromEntries(names.map((name) => [name, shownOf(parts, name)]));
}

/** As `username 2 of 3, ip 2 of 30`. */
function countsOf({ subjects }: AttemptEvent): string {
  return subjects.map(({ dimension, failures, limit }) => `${dimension} ${failures} of ${limit ?? NONE}`).join(', ');
}
