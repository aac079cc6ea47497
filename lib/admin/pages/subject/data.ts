/** What the page of one subject reads from the lockout. */
import { ENGINE, type Lockout } from '../../../lockout.js';
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import { readAll as readRecords } from '../../../operator/each-record.js';
import { attemptOf } from '../../../operator/find-subject.js';
import { toStatus } from '../../../operator/status.js';
import type { Policy } from '../../../policy/state.js';
import { asked } from '../../../util/asked.js';
import { toLockInfo } from '../../core/lock-info.js';
import { logStateOf } from '../../core/log-state.js';
import { unlessStoreFails } from '../../core/store-failure.js';
import { actsOn, toLineAct } from './acts.js';
import { readDevices } from './devices-data.js';
import type { Found } from './find.js';
import { type LockSpans, lockSpans } from './locks.js';
import { isLogged, type LoggedParts, loggedParts, toQueryParts } from './logged.js';
import { browsersOf, MOST, neighboursOf, placesOf, valuesOf } from './related-data.js';
import type { RelatedList, SubjectLine, SubjectSnapshot } from './snapshot.js';

/** As many as can be told apart in a line. */
const NEWEST_OF_SUBJECT = 500;
/** Among which neighbours are looked for. */
const NEWEST_OF_ALL = 1_000;
/** Shorter than this, a line would show an instant and not a course of events. */
const SHORTEST_LINE_MS = 3_600_000;

interface Entries {
  /** Newest first. */
  readonly items: readonly AttemptRecord[];
  readonly isCut: boolean;
  /** Whether the log did not answer. */
  readonly isMissing: boolean;
}

const NO_ENTRIES: Entries = { items: [], isCut: false, isMissing: false };

/** @throws {LockoutStoreError} if the store fails; what only the attempt log fails to answer is left out */
export async function readSubject(lockout: Lockout, found: Found, now: number): Promise<SubjectSnapshot> {
  const { subject, record, dimension } = found;
  const { options } = lockout[ENGINE];
  const logged = loggedParts(subject.parts);
  const { own, byName, byIp, newest, acts, devices, isMissing } = await readAll(lockout, found, logged);
  const policy = dimension && asked(() => options.policyFor(dimension, attemptOf(subject.parts)));
  const steps = stepsOf(policy);
  const status = record && toStatus(record);
  const until = status?.lockedUntil?.getTime() ?? null;
  const lastFailureAt = record?.lastFailureAt ?? null;
  const spans = lockSpans({
    subject,
    steps,
    entries: own.items,
    acts,
    now: status?.locked ? { until, isByOperator: status.cause === 'operator' } : null,
    lastFailureAt,
  });
  const related = await Promise.all([
    ...(byName ? [relatedOf(lockout, 'addresses', 'ip', byName.items, byName)] : []),
    ...(byIp ? [relatedOf(lockout, 'names', 'username', byIp.items, byIp)] : []),
    ...(newest && logged.ip !== undefined
      ? [relatedOf(lockout, 'network', 'ip', neighboursOf(logged.ip, newest.items), newest)]
      : []),
  ]);
  return {
    at: now,
    subject,
    isCounted: dimension !== undefined,
    lock: status?.locked ? { ...toLockInfo(lockout, status), since: spans.since } : null,
    failures: record?.failures ?? 0,
    consecutiveFailures: record?.consecutiveFailures ?? 0,
    places: record?.places ?? 0,
    takenBack: record?.takenBack ?? 0,
    verifying: record?.verifying ?? 0,
    firstFailureAt: record?.firstFailureAt ?? null,
    lastFailureAt,
    steps,
    hardStop: policy?.hardStop?.failures ?? null,
    line: {
      ...lineOf(own, spans, acts.map(toLineAct), now),
      log: isMissing ? 'unanswered' : logStateOf(lockout),
      logged,
      unlogged: Object.keys(subject.parts).filter((part) => !isLogged(part)),
    },
    related,
    devices,
    browsers: byName ? browsersOf(byName.items) : null,
    networks: byName ? placesOf(byName.items) : null,
  };
}

async function readAll(lockout: Lockout, { subject }: Found, { ip, username }: LoggedParts) {
  const byName = username === undefined ? undefined : newestOf(lockout, { username });
  const byIp = ip === undefined ? undefined : newestOf(lockout, { ip });
  const both = ip !== undefined && username !== undefined ? newestOf(lockout, { ip, username }) : undefined;
  const newest = ip === undefined ? undefined : newestOf(lockout, {}, NEWEST_OF_ALL);
  const [ofBoth, ofName, ofIp, ofAll, acts, devices] = await Promise.all([
    both,
    byName,
    byIp,
    newest,
    actsOn(lockout, subject),
    readDevices(lockout, username),
  ]);
  const isMissing = [ofBoth, ofName, ofIp, ofAll].some((entries) => entries?.isMissing);
  const own = ofBoth ?? ofName ?? ofIp ?? NO_ENTRIES;
  return { own, byName: known(ofName), byIp: known(ofIp), newest: known(ofAll), acts, devices, isMissing };
}

/** What did not answer is not shown as if it were empty. */
function known(entries: Entries | undefined): Entries | undefined {
  return entries?.isMissing ? undefined : entries;
}

async function newestOf(lockout: Lockout, parts: LoggedParts, limit = NEWEST_OF_SUBJECT): Promise<Entries> {
  if (logStateOf(lockout) === 'none') return NO_ENTRIES;
  // A rare name among very many entries may take some stores too long, while all else is known.
  const page = await unlessStoreFails(lockout.attempts({ ...toQueryParts(parts), limit }));
  return page
    ? { items: page.items, isCut: page.cursor !== null, isMissing: false }
    : { ...NO_ENTRIES, isMissing: true };
}

function stepsOf(policy: Policy | undefined): SubjectSnapshot['steps'] {
  return (policy?.tiers ?? []).map(({ failures, cooloffMs }) => ({
    failures,
    lockMs: Number.isFinite(cooloffMs) ? cooloffMs : null,
  }));
}

function lineOf({ items, isCut }: Entries, { locks }: LockSpans, acts: SubjectLine['acts'], now: number) {
  const attempts = items.flatMap(({ at, outcome, count }) =>
    outcome === 'logout' ? [] : [{ at: at.getTime(), outcome, count }],
  );
  // Where entries are missing, acts and locks would stand in an empty lane.
  const oldest = isCut ? (attempts.at(-1)?.at ?? 0) : 0;
  const shown = acts.filter(({ at }) => at >= oldest);
  const held = locks.filter(({ to }) => to === null || to >= oldest);
  const times = [...attempts, ...shown].map(({ at }) => at).concat(held.map(({ from }) => Math.max(from, oldest)));
  const first = Math.min(now - SHORTEST_LINE_MS, ...times);
  return { from: first - (now - first) / 50, to: now, attempts, locks: held, acts: shown, isCut };
}

async function relatedOf(
  lockout: Lockout,
  kind: RelatedList['kind'],
  part: 'ip' | 'username',
  entries: readonly AttemptRecord[],
  { items, isCut }: Entries,
): Promise<RelatedList> {
  const values = valuesOf(entries, part);
  const engine = lockout[ENGINE];
  const shown = values.slice(0, MOST).map(({ value, ...counts }) => {
    const parts = { [part]: value };
    return { subject: { key: engine.options.keys.toStoredKey(parts), dimension: part, parts }, ...counts };
  });
  const records = await readRecords(
    engine,
    shown.map(({ subject }) => subject.key),
  );
  const rows = shown.map((row, index) => ({ ...row, isLocked: Boolean(records[index]?.lock) }));
  return { kind, rows, total: values.length, newest: isCut ? items.length : null };
}
