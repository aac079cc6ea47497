/** What the page reads from the lockout. A store that is down leaves out only what it would have said. */
import type { Finding } from '../../../checks/finding.js';
import { ENGINE, type Lockout } from '../../../lockout.js';
import { ask } from '../../../operator/each-record.js';
import type { LockedCount, StoreInspection } from '../../../stores/store.js';
import { VERSION } from '../../assets.generated.js';
import { isLockoutStoreError } from '../../core/store-failure.js';
import { feedOf } from '../../live/now-feed.js';
import { MAX_STREAMS } from '../../live/seats.js';
import { type LadderFacts, readLadders } from './ladders.js';
import { OPTION_GROUPS, OPTION_TEXTS } from './option-texts.js';

/** What the store answered, or why it did not. */
type Answer<T> = { readonly value: T } | { readonly failure: string };

interface OptionRow {
  readonly name: string;
  readonly text: string;
  readonly isSet: boolean;
}

export interface SettingsData {
  readonly version: string;
  readonly findings: Answer<readonly Finding[]>;
  readonly store: {
    readonly name: string;
    /** Null if the store cannot be inspected. */
    readonly inspection: Answer<StoreInspection | null>;
    /** The 95th percentile; null before the first call. */
    readonly p95Ms: number | null;
    readonly errorsLastHour: number;
    /** Entries that wait to be written; null if no log is kept. */
    readonly logBacklog: number | null;
  };
  /** Of the page Now, in this process. */
  readonly streams: { readonly open: number; readonly most: number };
  readonly ladders: readonly LadderFacts[];
  readonly groups: readonly { readonly title: string; readonly rows: readonly OptionRow[] }[];
  /** For the navigation; undefined if the store fails. */
  readonly locked: LockedCount | undefined;
}

export async function readSettings(lockout: Lockout): Promise<SettingsData> {
  const engine = lockout[ENGINE];
  const { options, store, attemptLog } = engine;
  const [findings, inspection, locked] = await Promise.all([
    answerOf(lockout.check()),
    answerOf(ask(engine, 'inspect', async (asked) => (await asked.inspect?.()) ?? null)),
    answerOf(lockout.countLocked()),
  ]);
  return {
    version: VERSION,
    findings,
    store: {
      name: options.store.constructor.name,
      inspection,
      p95Ms: store.figures.p95Ms,
      errorsLastHour: store.figures.errorsLastHour,
      logBacklog: attemptLog?.backlog ?? null,
    },
    streams: { open: feedOf(lockout).seats.taken, most: MAX_STREAMS },
    ladders: readLadders(options),
    groups: OPTION_GROUPS.map(([title, names]) => ({
      title,
      rows: names.map((name) => ({ name, text: OPTION_TEXTS[name](options), isSet: options.given.has(name) })),
    })),
    locked: 'value' in locked ? locked.value : undefined,
  };
}

async function answerOf<T>(asking: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await asking };
  } catch (error) {
    // Without its cause, which may name hosts.
    if (isLockoutStoreError(error)) return { failure: error.message };
    throw error;
  }
}
