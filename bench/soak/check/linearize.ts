/**
 * Whether an order of the operations on one subject exists in which each is what lib/policy would have answered: each within its
 * times, and those that nobody was answered up to a minute after their beginning, or never.
 */
import { type Policy, type SubjectState, UNKNOWN_SUBJECT } from '../../../lib/policy/index.js';
import { isCertain, type Operation } from './operations.js';
import { type Misfit, type StepContext, step } from './step.js';

export interface Rules {
  readonly policy: Policy;
  readonly clockErrorMs: number;
  /**
   * After how many steps the search ends without a result.
   * @default 200,000
   */
  readonly maxSteps?: number;
}

export type Linearized =
  /** `used`: the operations that nobody was answered and that took effect in the order that was found. */
  | { readonly fits: true; readonly used: readonly string[] }
  | {
      readonly fits: false;
      /** The operation beyond which no order leads, and why; undefined if the search ended before it knew. */
      readonly stuckAt: Operation | undefined;
      readonly misfit: Misfit | undefined;
      /** Whether all orders were tried. */
      readonly isSure: boolean;
    };

const MAX_STEPS = 200_000;
const COPIES = 2;

/** A point of the search: what is done, and what may come next. */
interface Node {
  readonly state: SubjectState;
  /** Of all operations by start; those before are open, done or will never be. */
  readonly next: number;
  /** Answered, begun and not yet done. */
  readonly open: readonly number[];
  /** Not answered, begun and not done so far. */
  readonly maybe: readonly number[];
  readonly done: number;
  readonly used: readonly string[];
  readonly clock: number;
}

export function linearize(given: readonly Operation[], rules: Rules): Linearized {
  const { maxSteps = MAX_STEPS } = rules;
  const sorted = [...given].sort((a, b) => a.start - b.start || a.end - b.end);
  // Behind them, in the same order, the readings of their counts.
  const operations = [...sorted, ...sorted.map(toReading)];
  const certain = sorted.filter(isCertain).length;
  const late = new Set(sorted.filter(({ isLate }) => isLate).map(({ id }) => id));
  const seen = new Set<string>();
  const stack: Node[] = [
    { state: UNKNOWN_SUBJECT, next: 0, open: [], maybe: [], done: 0, used: [], clock: Number.NEGATIVE_INFINITY },
  ];
  let furthest = -1;
  let stuck: { readonly at: Operation; readonly misfit: Misfit } | undefined;
  let steps = 0;
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.done === certain) return { fits: true, used: node.used };
    const here = opened(node, operations);
    const key = keyOf(here);
    if (seen.has(key)) continue;
    seen.add(key);
    steps += 1;
    if (steps > maxSteps) break;
    const { following, misfit } = follow(here, operations, { ...rules, late });
    if (here.done > furthest && misfit) {
      furthest = here.done;
      stuck = misfit;
    }
    // The last is tried first.
    stack.push(...following.reverse());
  }
  return { fits: false, stuckAt: stuck?.at, misfit: stuck?.misfit, isSure: steps <= maxSteps };
}

/** Opens every operation that began before one of the open ones must be done. */
function opened(node: Node, operations: readonly Operation[]): Node {
  let { next } = node;
  const open = [...node.open];
  const maybe = [...node.maybe];
  let mustEnd = Math.min(...open.map((index) => (operations[index] as Operation).end));
  while (next < operations.length / COPIES && (operations[next] as Operation).start <= mustEnd) {
    const operation = operations[next] as Operation;
    if (isCertain(operation)) {
      open.push(next);
      mustEnd = Math.min(mustEnd, operation.end);
    } else maybe.push(next);
    next += 1;
  }
  open.sort((a, b) => (operations[a] as Operation).end - (operations[b] as Operation).end);
  return { ...node, next, open, maybe };
}

function follow(
  node: Node,
  operations: readonly Operation[],
  { policy, clockErrorMs, late }: Rules & Pick<StepContext, 'late'>,
): { readonly following: Node[]; readonly misfit: { readonly at: Operation; readonly misfit: Misfit } | undefined } {
  const { state, open, maybe, clock } = node;
  const following: Node[] = [];
  // Tried when nothing fits as it is: there are far more of these.
  const ifLater: Node[] = [];
  const deadline = Math.min(...open.map((index) => (operations[index] as Operation).end));
  const context = { policy, clock, deadline, late, clockErrorMs };
  let first: { readonly at: Operation; readonly misfit: Misfit } | undefined;
  for (const index of open) {
    const operation = operations[index] as Operation;
    const { states, ifReadLater, misfit } = step(state, operation, context);
    if (misfit) first ??= { at: operation, misfit };
    const others = open.filter((other) => other !== index);
    const now = Math.max(clock, operation.start);
    for (const next of states) following.push({ ...node, open: others, done: node.done + 1, state: next, clock: now });
    if (!operation.mayReadLater) continue;
    const reading = [...others, index + operations.length / COPIES];
    for (const next of ifReadLater) ifLater.push({ ...node, open: reading, state: next, clock: now });
  }
  following.push(...ifLater);
  const tried = new Set<string>();
  for (const index of maybe) {
    const operation = operations[index] as Operation;
    // Of operations that do the same, one is enough: the first to be over.
    if (clock > (operation.latest ?? Number.POSITIVE_INFINITY)) continue;
    const isUnderLock = Math.max(operation.start, clock) < state.lockedUntil;
    const { kind, name, ip, forMs } = operation;
    const what = JSON.stringify([kind, name, ip, forMs, isUnderLock]);
    if (tried.has(what)) continue;
    tried.add(what);
    const { states } = step(state, operation, context);
    const others = maybe.filter((other) => other !== index);
    const rest = { maybe: others, used: [...node.used, operation.id] };
    for (const next of states) {
      // A success or reset that changes nothing need not be tried.
      if (isSame(next, state)) continue;
      following.push({ ...node, ...rest, state: next, clock: Math.max(clock, operation.start) });
    }
  }
  return { following, misfit: first };
}

function toReading({ id, start, end, failures }: Operation): Operation {
  return { kind: 'read', id, start, end, failures };
}

function isSame(a: SubjectState, b: SubjectState): boolean {
  return a.failures === b.failures && a.lockedUntil === b.lockedUntil && a.takenBackAt.length === b.takenBackAt.length;
}

function keyOf({ state, next, open, maybe }: Node): string {
  const { failures, lockedUntil, lockedBy, sources, takenBackAt, cause } = state;
  const counts = sources.map((source) => `${source.place}/${source.spelling}=${source.failures}`).sort();
  return JSON.stringify([
    next,
    open,
    maybe,
    failures,
    String(lockedUntil),
    lockedBy,
    takenBackAt.length,
    cause,
    counts,
  ]);
}
