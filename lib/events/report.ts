/** Reports what happened to an attempt or a subject, to event listeners and the attempt log. */

import type { Refusal } from '../attempt/refusal.js';
import type { CountedHold, FlowListener } from '../attempt/ticket.js';
import type { Found } from '../checks/finding.js';
import { type AttemptFate, toLogEntry } from '../log/entry.js';
import type { AttemptLogWriter } from '../log/writer.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { LockReport, SubjectRecord } from '../policy/replies.js';
import type { Verdict } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import type { Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import type { AttackWatch } from './attack-watch.js';
import {
  type BlockedContext,
  toAttemptEvent,
  toBlockedEvent,
  toIpBlockedEvent,
  toRefusedEvent,
  toSprayEvent,
  toSubjectFacts,
  toUsernameBlockedEvent,
} from './payloads.js';
import type { LockoutEvents } from './types.js';

export interface ReportDeps {
  readonly options: Pick<ResolvedOptions, 'enforces' | 'keys' | 'sprayNames'>;
  /** Undefined if attacks are not looked for. */
  readonly attacks: AttackWatch | undefined;
  /** Undefined if no attempt log is kept. */
  readonly attemptLog: AttemptLogWriter | undefined;
  /** Emits an event; the payload is built only if somebody listens. */
  readonly notify: <K extends keyof LockoutEvents>(event: K, payload: () => LockoutEvents[K][0]) => void;
  /** May be called with the same finding more than once. */
  readonly onFinding: (finding: Found) => void;
}

export class Report implements FlowListener {
  readonly #deps: ReportDeps;
  readonly onFinding: (finding: Found) => void;

  constructor(deps: ReportDeps) {
    this.#deps = deps;
    this.onFinding = deps.onFinding;
  }

  onSettled(attempt: Attempt, verdict: Verdict, counted: readonly CountedHold[]): Awaitable<void> {
    if (verdict === 'release') return undefined;
    let repeated = false;
    let spray: CountedHold | undefined;
    let locking: CountedHold | undefined;
    for (const hold of counted) {
      if (hold.reply.isRepeat) repeated = true;
      if (hold.reply.isSpray) spray = hold;
      if (hold.reply.didLock) locking ??= hold;
    }
    const { notify, attacks, attemptLog, options } = this.#deps;
    const isFailure = verdict === 'failure';
    if (isFailure) {
      notify('attempt_failed', () => ({ ...toAttemptEvent(attempt, counted), ...(repeated && { repeated }) }));
      if (spray) this.#tellSpray(attempt, spray);
      if (!repeated && attempt.device !== 'known') attacks?.onFailure();
    } else notify('attempt_succeeded', () => toAttemptEvent(attempt, counted));
    if (!attemptLog) return undefined;
    const dimension = locking?.subject.dimension ?? null;
    const { cause = null, tier = null } = locking?.reply.lock ?? {};
    const outcome = isFailure ? 'failed' : 'succeeded';
    const entry = toLogEntry(attempt, { outcome, reason: null, dimension, cause, tier }, options.keys);
    return isFailure ? attemptLog.record(entry) : attemptLog.recordLogin(entry, attempt.req);
  }

  onRefused(attempt: Attempt, refusal: Refusal): Awaitable<void> {
    const { notify, options, attemptLog } = this.#deps;
    notify('attempt_refused', () => toRefusedEvent(attempt, refusal, options.enforces));
    const { reason, subject, cause, tier } = refusal;
    const fate: AttemptFate = { outcome: 'refused', reason, dimension: subject?.dimension ?? null, cause, tier };
    const refusedBy = `${reason} ${subject?.key ?? attempt.ip ?? ''}`;
    return attemptLog?.recordRefusal(toLogEntry(attempt, fate, options.keys), refusedBy);
  }

  onBlocked(subject: Subject, lock: LockReport, attempt: Attempt, firstToday: boolean): void {
    this.#tellBlocked(subject, lock, { by: null, attempt, firstToday });
  }

  /** @param by - the operator's name */
  onBlockedByHand(subject: Subject, lock: LockReport, by: string | null): void {
    this.#tellBlocked(subject, lock, { by, attempt: null, firstToday: true });
  }

  /**
   * Called when an operator set a lifted lock again: for those who keep count of locks. It is not the first lock of the day, so
   * nobody is sent another mail.
   *
   * @param by - the operator's name
   */
  onRestored(subject: Subject, lock: LockReport, by: string | null): void {
    this.#tellBlocked(subject, lock, { by, attempt: null, firstToday: false });
  }

  onUnblocked(record: SubjectRecord, by: string | null, reason: string | null): void {
    this.#deps.notify('unblocked', () => ({ ...toSubjectFacts(record), failures: record.failures, by, reason }));
  }

  /** Writes to the attempt log only. */
  record(attempt: Attempt, fate: AttemptFate): Awaitable<void> {
    const { attemptLog, options } = this.#deps;
    return attemptLog?.record(toLogEntry(attempt, fate, options.keys));
  }

  #tellSpray(attempt: Attempt, hold: CountedHold): void {
    const { notify, options } = this.#deps;
    const found = { ...hold, usernames: options.sprayNames };
    notify('spray_detected', () => toSprayEvent(attempt, found));
  }

  #tellBlocked(subject: Subject, lock: LockReport, context: Omit<BlockedContext, 'enforced'>): void {
    const { notify, options } = this.#deps;
    const event = () => toBlockedEvent(subject, lock, { ...context, enforced: options.enforces });
    if (subject.dimension === 'ip') notify('ip_blocked', () => toIpBlockedEvent(event()));
    if (subject.dimension === 'username') notify('username_blocked', () => toUsernameBlockedEvent(event()));
    notify('blocked', event);
  }
}
