/**
 * Handles attempts that stay open for long. An address that keeps one open at a username gets no second slot there; one that
 * keeps several open yields all but one to waiting attempts; and abandoned attempts are ended here.
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
   * Ends abandoned attempts. If verify itself told the client the guess was wrong, it is a failure, even before its lease expires:
   * the slot would come back then, and allow one more guess. An attempt still open when its lease expires is not counted.
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
   * Frees slots early enough for waiting attempts to get in, but as late as possible and one at a time: the verdict of an attempt
   * that lost its slot is not disclosed. The youngest of each address keeps its slot: a user who submits a form twice sees the
   * answer to the second.
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

/** Returns the queues of usernames only: a limit on the address would hit everyone behind it. */
function namesOf({ holds }: Ticket): readonly string[] {
  return holds.filter(({ subject }) => subject.parts['username'] !== undefined).map(queueOf);
}
