/** Puts the lines of the journals together: what became of each attempt, lock and act. */
import type { Act, Acted, Answer, Begin, Blocked, Evidence, Line, Refused, Settled } from '../records.js';

export interface Attempted {
  readonly begin: Begin;
  /** The process that made it, and whether that was killed. */
  readonly journal: number;
  readonly wasKilled: boolean;
  verifyAt?: number;
  verifiedAt?: number;
  settled?: Settled;
  refused?: Refused;
  answer?: Answer;
}

export interface Acting {
  readonly act: Act;
  /** Undefined if the process was killed meanwhile. */
  acted?: Acted;
}

interface StoreError {
  readonly at: number;
  readonly journal: number;
}

export interface History {
  readonly attempts: ReadonlyMap<string, Attempted>;
  readonly blocks: readonly Blocked[];
  readonly acts: readonly Acting[];
  readonly storeErrors: readonly StoreError[];
  /** Converts the store's time to that of the journals. */
  readonly toMonotonic: (epochMs: number) => number;
}

export function toHistory({ journals }: Pick<Evidence, 'journals'>): History {
  const attempts = new Map<string, Attempted>();
  const acts = new Map<string, Acting>();
  const blocks: Blocked[] = [];
  const storeErrors: StoreError[] = [];
  let wallMs = 0;
  for (const [journal, lines] of journals.entries()) {
    const wasKilled = lines.at(-1)?.t !== 'end';
    for (const line of lines) {
      if (line.t === 'start') wallMs ||= line.wallMs;
      else if (line.t === 'begin') attempts.set(line.id, { begin: line, journal, wasKilled });
      else if (line.t === 'blocked') blocks.push(line);
      else if (line.t === 'act') acts.set(line.act, { act: line });
      else if (line.t === 'acted') (acts.get(line.act) as Acting).acted = line;
      else if (line.t === 'store_error') storeErrors.push({ at: line.at, journal });
      else if (line.t !== 'heap' && line.t !== 'end') addTo(attempts.get(line.id) as Attempted, line);
    }
  }
  return { attempts, blocks, acts: [...acts.values()], storeErrors, toMonotonic: (epochMs) => epochMs - wallMs };
}

type OfAttempt = Extract<Line, { readonly id: string }>;

function addTo(attempt: Attempted, line: OfAttempt): void {
  if (line.t === 'verify') attempt.verifyAt = line.at;
  else if (line.t === 'verified') attempt.verifiedAt = line.at;
  else if (line.t === 'settled') attempt.settled = line;
  else if (line.t === 'refused') attempt.refused = line;
  else if (line.t === 'answer') attempt.answer = line;
}
