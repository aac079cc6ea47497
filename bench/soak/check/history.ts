/** Puts the lines of the journals together: what became of each attempt, lock and act. */
import type { Act, Acted, Answer, Begin, Blocked, Evidence, Fault, Line, Refused, Settled } from '../records.js';

export interface Attempted {
  readonly begin: Begin;
  /** The process that made it, and whether that was killed. */
  readonly journal: number;
  readonly wasKilled: boolean;
  verifyAt?: number;
  verifiedAt?: number;
  settled?: Settled;
  /** How many events said that it was settled. */
  settledTimes: number;
  refused?: Refused;
  answer?: Answer;
}

export interface Acting {
  readonly act: Act;
  /** Undefined if the process was killed meanwhile. */
  acted?: Acted;
}

interface OfJournal {
  readonly at: number;
  readonly journal: number;
}

export interface History {
  readonly attempts: ReadonlyMap<string, Attempted>;
  readonly blocks: readonly Blocked[];
  readonly acts: readonly Acting[];
  readonly storeErrors: readonly OfJournal[];
  /** When processes have said that they lost entries of the attempt log. */
  readonly logLosses: readonly OfJournal[];
  /** What was done to processes and to the way to the store. */
  readonly faults: readonly Fault[];
  /** Converts the store's time to that of the journals. */
  readonly toMonotonic: (epochMs: number) => number;
}

export function toHistory({ journals, faults }: Pick<Evidence, 'journals' | 'faults'>): History {
  const attempts = new Map<string, Attempted>();
  const acts = new Map<string, Acting>();
  const blocks: Blocked[] = [];
  const storeErrors: OfJournal[] = [];
  const logLosses: OfJournal[] = [];
  let wallMs = 0;
  for (const [journal, lines] of journals.entries()) {
    const wasKilled = lines.at(-1)?.t !== 'end';
    for (const line of lines) {
      if (line.t === 'start') wallMs ||= line.wallMs;
      else if (line.t === 'begin') attempts.set(line.id, { begin: line, journal, wasKilled, settledTimes: 0 });
      else if (line.t === 'blocked') blocks.push(line);
      else if (line.t === 'act') acts.set(line.act, { act: line });
      else if (line.t === 'acted') (acts.get(line.act) as Acting).acted = line;
      else if (line.t === 'store_error') storeErrors.push({ at: line.at, journal });
      else if (line.t === 'log_lost') logLosses.push({ at: line.at, journal });
      else if (line.t !== 'heap' && line.t !== 'end') addTo(attempts.get(line.id) as Attempted, line);
    }
  }
  const toMonotonic = (epochMs: number) => epochMs - wallMs;
  return { attempts, blocks, acts: [...acts.values()], storeErrors, logLosses, faults, toMonotonic };
}

type OfAttempt = Extract<Line, { readonly id: string }>;

function addTo(attempt: Attempted, line: OfAttempt): void {
  if (line.t === 'verify') attempt.verifyAt = line.at;
  else if (line.t === 'verified') attempt.verifiedAt = line.at;
  else if (line.t === 'settled') {
    attempt.settled = line;
    attempt.settledTimes += 1;
  } else if (line.t === 'refused') attempt.refused = line;
  else if (line.t === 'answer') attempt.answer = line;
}

/** Returns the dimension of a subject, which its key names. */
export function dimensionOf(key: string): string {
  return key
    .split('&')
    .map((part) => part.slice(0, part.indexOf('=')))
    .join('+');
}
