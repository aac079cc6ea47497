/**
 * What is done about attempts that are open for long. Whoever keeps one open at a name gets no second slot there; whoever keeps
 * several gives all but one to those who wait; and what nobody ends is ended here.
 */
import { neverEnded } from '../checks/runtime/findings.js';
import type { Verdict } from '../policy/state.js';
import { wasToldWrong } from '../request/told-wrong.js';
import type { Watcher } from './open-tickets.js';
import { queueOf } from './slots.js';
import type { FlowListener, Ticket } from './ticket.js';
import { pairOf } from './waiting/pacing.js';
import type { WaitingRoom } from './waiting/waiting-room.js';

interface LongParts {
  readonly end: (ticket: Ticket, verdict: Verdict) => unknown;
  readonly giveBack: (ticket: Ticket) => unknown;
  readonly waiting: WaitingRoom;
  readonly listener: Pick<FlowListener, 'onFinding'>;
  readonly leaseMs: number;
  readonly busyTimeoutMs: number;
}

export class LongAttempts implements Watcher {
  readonly #parts: LongParts;

  constructor(parts: LongParts) {
    this.#parts = parts;
  }

  onLong(ticket: Ticket): void {
    const { pacing } = this.#parts.waiting;
    for (const key of namesOf(ticket)) pacing.oneAtATime(key, ticket.attempt.ip, ticket.attempt);
  }

  look(tickets: Iterable<Ticket>, now: number): void {
    this.#endAbandoned(tickets, now);
    this.#makeWay(tickets, now);
  }

  /**
   * A guess whose outcome the client was told by verify itself is a failure, also before its lease ends: then its slot comes back,
   * and one more could be told. What has not come back when its lease ends tells nothing, and is nothing.
   */
  #endAbandoned(tickets: Iterable<Ticket>, now: number): void {
    const { end, listener, leaseMs } = this.#parts;
    for (const ticket of tickets) {
      const { req, action = 'protect' } = ticket.attempt;
      const isWrong = wasToldWrong(req);
      if (!isWrong && now - ticket.openedAt < leaseMs) continue;
      listener.onFinding(neverEnded(action));
      void end(ticket, isWrong ? 'failure' : 'release');
    }
  }

  /**
   * Early enough for those who wait to get in, but late, and one at a time: the verdict of what has given its slot up is not told.
   * The youngest of each address keeps its slot: whoever has sent a form twice sees the answer to the second.
   */
  #makeWay(tickets: Iterable<Ticket>, now: number): void {
    const { giveBack, waiting, busyTimeoutMs } = this.#parts;
    if (waiting.isEmpty) return;
    const youngest = new Map<string, Ticket>();
    const freed = new Set<string>();
    for (const ticket of tickets) {
      const { ip } = ticket.attempt;
      for (const key of namesOf(ticket)) {
        const pair = pairOf(key, ip);
        const older = youngest.get(pair);
        youngest.set(pair, ticket);
        if (!older || now - older.openedAt < busyTimeoutMs / 2) continue;
        if (freed.has(key) || !waiting.hasOthers(key, ip)) continue;
        freed.add(key);
        void giveBack(older);
      }
    }
  }
}

/** Only where a name is counted: at its address a bound would be everybody's there. */
function namesOf({ holds }: Ticket): readonly string[] {
  return holds.filter(({ subject }) => subject.parts['username'] !== undefined).map(queueOf);
}
