/** Looking at subjects, locking and freeing them, and forgetting a person. */
import type { Command } from 'commander';
import { Duration } from 'luxon';
import { ENGINE, type Lockout } from '../../lockout.js';
import { findSubject, type SubjectInput } from '../../operator/find-subject.js';
import type { SingleStatus } from '../../operator/types.js';
import type { CooloffInput } from '../../util/durations.js';
import { actor } from '../actor.js';
import { parseFor, parseSince } from '../arguments.js';
import { type Context, type Surroundings, withLockout } from '../command.js';
import type { ConnectOptions } from '../connect.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { forEach, runLong } from '../long-task.js';
import { plural } from '../output.js';
import { unblockCommand } from '../shell-text.js';
import { isStoredKey, parseSubject, parseSubjects, readList } from '../subject-text.js';

interface ListOptions {
  readonly all?: boolean;
  readonly dimension?: string;
  readonly username?: string;
  readonly ip?: string;
}

interface ActorOption {
  readonly by?: string;
}

interface BlockCommandOptions extends ActorOption {
  readonly for?: CooloffInput;
  readonly until?: Date;
  readonly reason?: string;
}

const SUBJECT_HELP = `
A subject is a username (alice), an address (203.0.113.9), or its parts as list prints them
('username=alice', 'ip=203.0.113.9&username=alice').`;
const SUBJECTS_HELP = `${SUBJECT_HELP} A CIDR range stands for each subject in it, - for a list on standard
input, one subject per line.`;
const LATEST_ATTEMPTS = 5;
const PAGE = 1_000;

export function addSubjectCommands(program: Command, surroundings: Surroundings): void {
  program
    .command('status')
    .description('all that is known of a subject: its failures, what refuses it and how to free it, its last attempts')
    .argument('<subject>')
    .addHelpText('after', SUBJECT_HELP)
    .action(withLockout<[string], ConnectOptions>(surroundings, status));
  program
    .command('list')
    .description('the subjects that are locked')
    .option('--all', 'those that are not locked, too')
    .option('--dimension <name>', 'only of this dimension, such as ip')
    .option('--username <name>', 'only subjects made of this username')
    .option('--ip <address>', 'only subjects made of this address')
    .action(withLockout<[], ListOptions>(surroundings, list));
  program
    .command('block')
    .description('lock subjects')
    .argument('<subject...>')
    .option('--for <duration>', '15m, 2h, 7d, PT15M, or forever: until reset', parseFor)
    .option('--until <time>', 'or until a date such as 2026-12-24T18:00:00Z', parseSince)
    .option('--reason <text>', 'why; kept with the lock')
    .option('--by <name>', "who does it; kept with the lock (default: the system's user)")
    .addHelpText('after', SUBJECTS_HELP)
    .action(withLockout<[readonly string[]], BlockCommandOptions>(surroundings, block));
  program
    .command('unblock')
    .description('lift locks and forget the failures')
    .argument('<subject...>')
    .option('--by <name>', "who does it, for the event (default: the system's user)")
    .addHelpText('after', SUBJECTS_HELP)
    .action(withLockout<[readonly string[]], ActorOption>(surroundings, unblock));
  program
    .command('erase')
    .description('remove what is stored of persons: records, combinations, log entries')
    .argument('<username...>')
    .option('--by <name>', "who does it, for the event (default: the system's user)")
    .action(withLockout<[readonly string[]], ActorOption>(surroundings, erase));
}

async function status({ lockout, isApp, output }: Context, place: ConnectOptions, text: string): Promise<ExitCode> {
  const input = parseSubject(text);
  const { attemptsLeft, ...found } = await lockout.status(input);
  const latest = await latestAttempts(lockout, input);
  const refusing = await whatRefuses(lockout, input, place);
  const { locked, failures, consecutiveFailures, verifying } = found;
  const isKnown = locked || failures > 0 || consecutiveFailures > 0 || verifying > 0;
  const exitCode = isKnown || refusing.length > 0 ? EXIT.done : EXIT.nothing;
  if (output.isJson) {
    // Without the application its ladder is not known.
    output.row([], { ...found, ...(isApp && { attemptsLeft }), refusedBy: refusing, attempts: latest });
    return exitCode;
  }
  const rows: readonly (readonly [string, string | number | null])[] = [
    ['subject', found.key],
    ['locked', locked ? `until ${lockEnd(found)}` : 'no'],
    ['time left', found.remaining && toWords(found.remaining)],
    ['cause', found.cause],
    ['tier', found.tier],
    ['limit', found.limit],
    ['reason', found.reason],
    ['by', found.by],
    ['failures', failures],
    // Kept for a hard stop only.
    ...(consecutiveFailures > 0 ? [['consecutive failures', consecutiveFailures] as const] : []),
    ...(isApp ? [['attempts left', attemptsLeft] as const] : []),
    ['verifying', verifying],
    ['first failure', found.firstFailureAt?.toISOString() ?? null],
    ['last failure', found.lastFailureAt?.toISOString() ?? null],
  ];
  if (isKnown) for (const row of rows) output.row(row, null);
  else output.result(`Nothing is known of ${found.key}.`, null);
  for (const subject of refusing) {
    output.row(['refused by', subject.key, `until ${lockEnd(subject)}`, subject.command], null);
  }
  if (latest.length > 0) output.blankLine();
  for (const { at, outcome, username, ip, reason, dimension, userAgent } of latest) {
    output.row([at.toISOString(), outcome, username, ip, reason, dimension, userAgent], null);
  }
  return exitCode;
}

/** Himself, or the address that he comes from: each with the command that frees it. */
async function whatRefuses(lockout: Lockout, { username, ip }: SubjectInput, place: ConnectOptions) {
  if ((username ?? ip) === undefined) return [];
  const named = { ...(username !== undefined && { username }), ...(ip !== undefined && { ip }) };
  const subjects = await lockout.refusedBy(named);
  return subjects.map((subject) => ({ ...subject, command: unblockCommand(subject.key, place) }));
}

/** Why somebody was locked is best seen from what he tried. */
async function latestAttempts(lockout: Lockout, { username, ip }: SubjectInput) {
  if (!lockout[ENGINE].options.store.attemptLog || (username ?? ip) === undefined) return [];
  return (await lockout.attempts({ username, ip, limit: LATEST_ATTEMPTS })).items;
}

async function list({ lockout, output }: Context, options: ListOptions): Promise<ExitCode> {
  const { all = false, dimension, username, ip } = options;
  let found = 0;
  output.heading(['subject', 'failures', 'locked until', 'cause', 'tier', 'reason', 'by']);
  for await (const subject of lockout.list({ locked: !all, dimension, username, ip, limit: PAGE })) {
    found += 1;
    const { key, failures, locked, cause, tier, reason, by } = subject;
    output.row([key, failures, locked ? lockEnd(subject) : null, cause, tier, reason, by], subject);
  }
  return found === 0 && (username ?? ip) !== undefined ? EXIT.nothing : EXIT.done;
}

async function block(context: Context, options: BlockCommandOptions, texts: readonly string[]): Promise<ExitCode> {
  const { for: duration, until, reason } = options;
  if ((duration === undefined) === (until === undefined)) {
    throw new CliError(EXIT.usage, 'how long? give --for <duration> or --until <time>');
  }
  const subjects = await findSubjects(context, texts);
  const details = { for: duration, until, reason, ...actor(options) };
  const { lockout, output } = context;
  const locked = (count: number) => `${plural(count, 'subject')} locked`;
  return runLong(output, locked, async (long) => {
    const done = await forEach(subjects, (subject) => lockout.block(subject, details), long);
    const last = done.at(-1);
    const end = last ? ` until ${lockEnd(last)}` : '';
    output.result(`${locked(done.length)}${end}.`, { locked: done.length, lockedUntil: last?.lockedUntil ?? null });
    return EXIT.done;
  });
}

async function unblock(context: Context, options: ActorOption, texts: readonly string[]): Promise<ExitCode> {
  const subjects = await findSubjects(context, texts, { byKey: true });
  const { lockout, output } = context;
  const freed = (count: number) => `${plural(count, 'subject')} unblocked`;
  return runLong(
    output,
    (done) => `${plural(done, 'subject')} looked at`,
    async (long) => {
      const done = await forEach(subjects, (subject) => lockout.unblock(subject, actor(options)), long);
      const unblocked = done.filter((wasLocked) => wasLocked).length;
      output.result(unblocked === 0 ? 'No locked subjects found.' : `${freed(unblocked)}.`, { unblocked });
      return unblocked === 0 ? EXIT.nothing : EXIT.done;
    },
  );
}

async function erase({ lockout, output }: Context, options: ActorOption, names: readonly string[]): Promise<ExitCode> {
  return runLong(
    output,
    (done) => `${plural(done, 'record')} erased`,
    async (long) => {
      const total = { subjects: 0, attempts: 0 };
      for (const username of names) {
        const { subjects, attempts } = await lockout.erase({ username, ...actor(options), ...long });
        total.subjects += subjects;
        total.attempts += attempts;
      }
      const isNothing = total.subjects + total.attempts === 0;
      const what = `${plural(total.subjects, 'subject')} and ${plural(total.attempts, 'log')} erased.`;
      output.result(isNothing ? 'Nothing found.' : what, total);
      return isNothing ? EXIT.nothing : EXIT.done;
    },
  );
}

/**
 * Every subject that is meant; all are checked before the first is touched.
 *
 * @param byKey - whether a key will do of which nobody knows the name
 */
async function findSubjects(
  { lockout, stdin }: Context,
  texts: readonly string[],
  { byKey = false } = {},
): Promise<readonly SubjectInput[]> {
  const { options } = lockout[ENGINE];
  const isList = texts.includes('-');
  if (isList && texts.length > 1) throw new CliError(EXIT.usage, '- stands alone: the list on standard input');
  const lines = isList ? await readList(stdin) : texts;
  return lines.flatMap((line, index) => {
    if (byKey && isStoredKey(line)) return [{ key: line }];
    try {
      const subjects = parseSubjects(line, options.ipv6Prefix);
      // The first stands for all of a range.
      for (const subject of subjects.slice(0, 1)) findSubject(options, subject);
      return subjects;
    } catch (error) {
      if (isList) throw new CliError(EXIT.usage, `entry ${index + 1}: ${(error as Error).message}`);
      throw error;
    }
  });
}

/** In whole seconds, such as `14 minutes, 59 seconds`. */
function toWords(left: Duration): string {
  return Duration.fromObject({ seconds: Math.ceil(left.as('seconds')) }, { locale: 'en' })
    .rescale()
    .toHuman();
}

function lockEnd({ lockedUntil }: Pick<SingleStatus, 'lockedUntil'>): string {
  return lockedUntil?.toISOString() ?? 'reset';
}
