/** Shows the attempt log. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { Lockout } from '../../lockout.js';
import type { AttemptRecord, AttemptsQuery } from '../../operator/attempt-log.js';
import type { AttemptOutcome } from '../../stores/attempt-log.js';
import { parseLimit, parseSince } from '../arguments.js';
import { type Context, reading, type Surroundings } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';

interface AttemptsOptions {
  readonly username?: string;
  readonly ip?: string;
  readonly outcome?: AttemptOutcome;
  readonly since?: Date;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly per?: 'minute' | 'hour';
}

type Filter = Pick<AttemptsQuery, 'username' | 'ip' | 'outcome' | 'since'>;

export const OUTCOMES: readonly AttemptOutcome[] = ['failed', 'succeeded', 'refused', 'logout'];
const PAGE = 1_000;
const DEFAULT_LIMIT = 100;
const LAST_BEFORE_FOLLOWING = 10;
const POLL_MS = 500;
/** Entries are written in batches, some time after the attempt; and the clocks of servers differ. */
const LATE_MS = 10_000;

export function addAttemptsCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('attempts'), {
    summary: 'Show the attempt log, newest first',
    examples: [
      'passport-lockout attempts --username alice --since 1h',
      'passport-lockout attempts --ip 203.0.113.9 --outcome succeeded',
      'passport-lockout attempts --follow',
      'passport-lockout attempts --per hour --since 7d',
    ],
    section: 'looking',
  })
    .option('--username <name>', 'Show only entries of this username')
    .option('--ip <address>', 'Show only entries from this address')
    .addOption(new Option('--outcome <outcome>', 'Show only entries with this outcome').choices(OUTCOMES))
    .option('--since <time>', 'Start at a date, or an age such as 15m, 2h, 7d', parseSince)
    .option('--limit <count>', `Show at most this many (default: ${DEFAULT_LIMIT})`, parseLimit)
    .option('-f, --follow', 'Show the last ones, oldest first, then each new one, until Ctrl+C')
    .addOption(
      new Option('--per <period>', 'Show counts per minute or hour instead, oldest first').choices(['minute', 'hour']),
    )
    .action(reading<[], AttemptsOptions>(surroundings, attempts));
}

async function attempts(context: Context, options: AttemptsOptions): Promise<ExitCode> {
  const { username, ip, outcome, since, follow: follows = false } = options;
  const filter: Filter = { username, ip, outcome, since };
  if (options.per !== undefined) return counts(context, options);
  context.output.heading([
    'at',
    'outcome',
    'count',
    'username',
    'ip',
    'reason',
    'dimension',
    'action',
    'method',
    'path',
    'user agent',
  ]);
  if (follows) return follow(context, filter, options.limit ?? LAST_BEFORE_FOLLOWING);
  let found = 0;
  for await (const entry of entriesOf(context.lockout, filter, options.limit ?? DEFAULT_LIMIT)) {
    found += 1;
    print(context, entry);
  }
  return found === 0 && (username ?? ip) !== undefined ? EXIT.nothing : EXIT.done;
}

/** Counts are of everybody: nobody's name is counted. */
async function counts({ lockout, output }: Context, { per, since, ...others }: AttemptsOptions): Promise<ExitCode> {
  const { username, ip, outcome, limit, follow } = others;
  if ([username, ip, outcome, limit, follow].some((option) => option !== undefined)) {
    throw new CliError(EXIT.usage, '--per counts the attempts of everybody; only --since goes with it');
  }
  output.heading(['at', 'failed', 'refused', 'succeeded', 'locks']);
  for (const period of await lockout.attemptCounts({ per, since })) {
    const { at, failed, refused, succeeded, locks } = period;
    output.row([at.toISOString(), failed, refused, succeeded, locks], period);
  }
  return EXIT.done;
}

async function* entriesOf(lockout: Lockout, filter: Filter, limit: number): AsyncGenerator<AttemptRecord> {
  let left = limit;
  for await (const entry of lockout.attempts({ ...filter, limit: Math.min(PAGE, left) })) {
    yield entry;
    left -= 1;
    if (left === 0) return;
  }
}

async function follow(context: Context, filter: Filter, limit: number): Promise<ExitCode> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const seen = new Map<string, number>();
  let entries = await collect(entriesOf(context.lockout, filter, limit));
  let latest = Date.now() - LATE_MS;
  // Nothing before the oldest shown entry is new.
  const oldestShown = entries.at(-1)?.at.getTime() ?? latest;
  while (!controller.signal.aborted) {
    for (const entry of entries.reverse()) {
      if (seen.has(entry.id)) continue;
      seen.set(entry.id, entry.at.getTime());
      latest = Math.max(latest, entry.at.getTime());
      print(context, entry);
    }
    context.output.showRows();
    for (const [id, at] of seen) if (at < latest - 2 * LATE_MS) seen.delete(id);
    // Rejects only on Ctrl+C, which the loop checks.
    await sleep(POLL_MS, undefined, { signal: controller.signal }).catch(() => {});
    const since = new Date(Math.max(oldestShown, latest - LATE_MS, filter.since?.getTime() ?? 0));
    if (!controller.signal.aborted) {
      entries = await collect(entriesOf(context.lockout, { ...filter, since }, Number.POSITIVE_INFINITY));
    }
  }
  return EXIT.done;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

function print({ output }: Context, entry: AttemptRecord): void {
  const { at, outcome, count, username, ip, reason, dimension, action, method, path, userAgent } = entry;
  const cells = [at.toISOString(), outcome, count, username, ip, reason, dimension, action, method, path, userAgent];
  output.row(cells, entry);
}
