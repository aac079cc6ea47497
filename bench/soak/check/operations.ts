/** What happened to one subject: operations that each took effect at one instant, somewhere between two times. */
import type { Blocked, CountedOn } from '../records.js';
import { Company } from './company.js';
import type { Acting, Attempted, History } from './history.js';

/**
 * For how long after its beginning something that nobody was answered may still be carried out: a store that was stopped goes on,
 * and a process that lives tells it again. Several faults may follow each other.
 */
export const CARRIED_OUT_MS = 60_000;

export interface Operation {
  readonly kind: 'failure' | 'success' | 'reset' | 'block' | 'read';
  /** Of the attempt or the act. */
  readonly id: string;
  readonly start: number;
  /** Infinity if nobody was answered: it may have happened then, later, or never. */
  readonly end: number;
  /** Until when it may have happened, if nobody was answered: for so long the store may be told, or be told again. */
  readonly latest?: number;
  /** The count that was answered; undefined if nobody was. */
  readonly failures?: number | undefined;
  /** Whether an event of this attempt says that it locked; undefined if a kill may have swallowed the event. */
  readonly didLock?: boolean | undefined;
  /** Whether that count may have been read later than it was counted, as of a write that was carried out before it was answered. */
  readonly mayReadLater?: boolean;
  /** When the lock that it set ends; undefined if it set none. */
  readonly until?: number | undefined;
  /** How long the block was to hold. */
  readonly forMs?: number | undefined;
  /** Whether the client was answered with the verdict. */
  readonly isTold?: boolean;
  /** Whether the verdict came after its lease, so that its slot may have been given to another attempt. */
  readonly isLate?: boolean;
  /** How many others may have been verified at the same time: beside too many, a success takes nothing back. */
  readonly company?: number;
  /** Name and address, which are its source. */
  readonly name?: string;
  readonly ip?: string;
}

export interface Subject {
  readonly key: string;
  readonly dimension: string;
  readonly parts: CountedOn['parts'];
  readonly operations: readonly Operation[];
}

interface Found extends Omit<Subject, 'operations'> {
  readonly operations: Operation[];
}

export function isCertain({ end }: Operation): boolean {
  return end !== Number.POSITIVE_INFINITY;
}

export interface Known {
  readonly leaseTimeoutMs: number;
  /** Whether a count that was answered in a span may have been read later than it was counted. */
  readonly mayReadLater: (from: number, to: number) => boolean;
}

/**
 * @param final - what the store said at the end, by key, and when; undefined if it is gone
 */
export function toSubjects(
  history: History,
  { leaseTimeoutMs, mayReadLater }: Known,
  final?: { readonly at: number; readonly failuresOf: (key: string) => number },
): readonly Subject[] {
  const { attempts, blocks, acts, toMonotonic } = history;
  const subjects = new Map<string, Found>();
  const see = ({ key, dimension, parts }: CountedOn) => {
    if (!subjects.has(key)) subjects.set(key, { key, dimension, parts, operations: [] });
  };
  for (const { settled } of attempts.values()) for (const subject of settled?.subjects ?? []) see(subject);
  for (const block of blocks) see(block);
  const blocksOf = new Map<string, Blocked>();
  for (const block of blocks) if (block.id !== null) blocksOf.set(`${block.id} ${block.key}`, block);

  const byName = groupBy(subjects.values(), ({ parts }) => parts['username']);
  const byIp = groupBy(subjects.values(), ({ parts }) => parts['ip']);
  const company = new Company(attempts.values());
  for (const attempt of attempts.values()) {
    if (attempt.verifiedAt === undefined) continue;
    const { name, ip } = attempt.begin;
    const beside = (part: 'name' | 'ip') => (attempt.begin.right ? company.countBeside(attempt, part) : 0);
    const [ofName, ofIp] = [beside('name'), beside('ip')];
    for (const subject of new Set([...(byName.get(name) ?? []), ...(byIp.get(ip) ?? [])])) {
      const block = blocksOf.get(`${attempt.begin.id} ${subject.key}`);
      const operation = ofAttempt(attempt, subject.key, block, { leaseTimeoutMs, toMonotonic });
      const isOfName = subject.parts['username'] !== undefined;
      if (!operation) continue;
      const company = isOfName ? ofName : ofIp;
      subject.operations.push({ ...operation, company, mayReadLater: mayReadLater(operation.start, operation.end) });
    }
  }
  for (const acting of acts) {
    const { part, value } = acting.act;
    for (const subject of (part === 'ip' ? byIp : byName).get(value) ?? []) {
      const operation = ofAct(acting, subject, toMonotonic);
      if (operation) subject.operations.push(operation);
    }
  }
  if (final) {
    const { at, failuresOf } = final;
    for (const { key, operations } of subjects.values())
      operations.push({ kind: 'read', id: 'the end', start: at, end: at, failures: failuresOf(key) });
  }
  return [...subjects.values()];
}

function ofAttempt(
  attempt: Attempted,
  key: string,
  block: Blocked | undefined,
  { leaseTimeoutMs, toMonotonic }: Pick<Known, 'leaseTimeoutMs'> & Pick<History, 'toMonotonic'>,
): Operation | undefined {
  const { begin, verifiedAt: start = 0, settled, answer, wasKilled } = attempt;
  const { id, name, ip, right } = begin;
  const kind = right ? 'success' : 'failure';
  const outcome = answer?.outcome;
  const isTold = outcome === 'failed' || outcome === 'succeeded';
  const counted = settled?.subjects.find((subject) => subject.key === key);
  const until = block && (block.until === null ? Number.POSITIVE_INFINITY : toMonotonic(block.until));
  const isLate = answer?.code === 'ERR_LOCKOUT_LATE';
  const same = { kind, id, start, name, ip, isTold, isLate, until } as const;
  if (counted && settled) {
    const didLock = block !== undefined || (wasKilled && !answer ? undefined : false);
    return { ...same, end: settled.at, failures: counted.failures, didLock };
  }
  // The store counted it later, perhaps after its lease.
  if (block) {
    const isLate = block.at >= begin.at + leaseTimeoutMs;
    return { ...same, isLate, end: block.at, failures: block.failures, didLock: true };
  }
  // Answered: then its event names every subject it was counted on.
  if (isTold) return undefined;
  // Too late, a success takes nothing back.
  if (right && isLate) return undefined;
  return { ...same, end: Number.POSITIVE_INFINITY, latest: start + CARRIED_OUT_MS };
}

function ofAct(
  { act, acted }: Acting,
  { dimension }: Omit<Subject, 'operations'>,
  toMonotonic: History['toMonotonic'],
): Operation | undefined {
  const { what, act: id, at: start, forMs } = act;
  if (what !== 'reset' && dimension !== 'username') return undefined;
  const end = acted && !acted.failed ? acted.at : Number.POSITIVE_INFINITY;
  const latest = start + CARRIED_OUT_MS;
  if (what !== 'block') return { kind: 'reset', id, start, end, latest };
  const until = acted?.until === undefined ? undefined : toMonotonic(acted.until);
  return { kind: 'block', id, start, end, latest, forMs, until };
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
