/** Lists, locks and frees subjects. */
import { type Command, Option } from 'commander';
import { ENGINE, type Lockout } from '../../lockout.js';
import { findSubject, type SubjectInput } from '../../operator/find-subject.js';
import type { StoreOrder } from '../../stores/store.js';
import type { CooloffInput } from '../../util/durations.js';
import { type ActorFlags, actor, BY, REASON } from '../actor.js';
import { parseFor, parseUntil } from '../arguments.js';
import { type Context, changing, reading, type Surroundings } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';
import { lockEnd } from '../lock-end.js';
import { forEach, runLong } from '../long-task.js';
import { plural } from '../output.js';
import { isStoredKey, parseSubjects, readList, SUBJECT_HELP } from '../subject-text.js';

interface ListOptions {
  readonly all?: boolean;
  readonly dimension?: string;
  readonly username?: string;
  readonly ip?: string;
  readonly order?: StoreOrder;
}

interface BlockCommandOptions extends ActorFlags {
  readonly for?: CooloffInput;
  readonly until?: Date;
}

const SUBJECTS_HELP = `${SUBJECT_HELP} A CIDR range means every subject in it; - reads a list from standard input, one subject per line.`;
const PAGE = 1_000;
const ORDERS: readonly StoreOrder[] = ['key', 'lockedUntil'];

export function addListCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('list'), {
    summary: 'Show the subjects that are locked',
    examples: [
      'passport-lockout list',
      'passport-lockout list --all --ip 203.0.113.9',
      'passport-lockout list --order lockedUntil',
      'passport-lockout list --dimension username --json',
    ],
    section: 'looking',
  })
    .option('--all', 'Show subjects that are not locked, too')
    .option('--dimension <name>', 'Show only this dimension, such as ip')
    .option('--username <name>', 'Show only subjects that contain this username')
    .option('--ip <address>', 'Show only subjects that contain this address')
    .addOption(new Option('--order <order>', 'Sort by key, or by lockedUntil: what ends soonest first').choices(ORDERS))
    .action(reading<[], ListOptions>(surroundings, list));
}

export function addBlockCommands(program: Command, surroundings: Surroundings): void {
  explain(program.command('block'), {
    summary: 'Lock usernames and addresses',
    details: SUBJECTS_HELP,
    examples: [
      'passport-lockout block 203.0.113.9 --for 2h --reason scanner',
      "passport-lockout block mallory --for forever --reason 'ticket 4711'",
      'passport-lockout block 198.51.100.0/28 --until 2026-12-24T18:00:00Z',
      'passport-lockout block - --for 1d < list.txt',
    ],
    section: 'locking',
  })
    .argument('<subject...>', 'Usernames, addresses, ranges or combinations')
    .option('--for <duration>', 'Lock for 15m, 2h, 7d, PT15M, or forever: until reset', parseFor)
    .option('--until <time>', 'Lock until a date such as 2026-12-24T18:00:00Z', parseUntil)
    .option(...REASON)
    .option(...BY)
    .action(changing<[readonly string[]], BlockCommandOptions>(surroundings, block));
  explain(program.command('unblock'), {
    summary: 'Lift locks and forget the failures',
    details: SUBJECTS_HELP,
    examples: [
      'passport-lockout unblock alice',
      'passport-lockout unblock 203.0.113.9 198.51.100.0/28',
      "passport-lockout unblock 'ip=203.0.113.9&username=alice'",
    ],
    section: 'freeing',
  })
    .argument('<subject...>', 'Usernames, addresses, ranges or combinations')
    .option(...REASON)
    .option(...BY)
    .action(changing<[readonly string[]], ActorFlags>(surroundings, unblock));
  explain(program.command('undo'), {
    summary: 'Set locks again that were lifted by mistake',
    details:
      'Takes back an unblock, or a reset that freed one subject: locks it until its lock would have ended, with the failures of then.',
    examples: ['passport-lockout undo 6b02a67cb9b725a4e51b096e'],
    section: 'what-operators-did',
  })
    .argument('<id...>', 'Acts, by their ids as activity prints them')
    .option(...REASON)
    .option(...BY)
    .action(changing<[readonly string[]], ActorFlags>(surroundings, undo));
}

async function list({ lockout, output }: Context, options: ListOptions): Promise<ExitCode> {
  const { all = false, dimension, username, ip, order } = options;
  if (all && order === 'lockedUntil') {
    throw new CliError(EXIT.usage, '--order lockedUntil shows locked subjects only; leave --all out');
  }
  let found = 0;
  output.heading(['subject', 'failures', 'locked until', 'cause', 'tier', 'reason', 'by']);
  for await (const subject of lockout.list({ locked: !all, dimension, username, ip, order, limit: PAGE })) {
    found += 1;
    const { key, failures, locked, cause, tier, reason, by } = subject;
    output.row([key, failures, locked ? lockEnd(subject) : null, cause, tier, reason, by], subject);
  }
  if (found === 0 && dimension !== undefined) assertCounted(lockout, dimension);
  return found === 0 && (username ?? ip) !== undefined ? EXIT.nothing : EXIT.done;
}

/** Nothing found would read as nobody locked. What was counted once may still be stored, and is shown under any name. */
function assertCounted(lockout: Lockout, name: string): void {
  const { dimensions } = lockout[ENGINE].options;
  if (dimensions.named(name)) return;
  const counted = dimensions.known().map((dimension) => dimension.name);
  throw new CliError(EXIT.usage, `no dimension is called ${JSON.stringify(name)}; counted are ${counted.join(', ')}`);
}

async function block(context: Context, options: BlockCommandOptions, texts: readonly string[]): Promise<ExitCode> {
  const { for: duration, until } = options;
  if (duration !== undefined && until !== undefined) throw new CliError(EXIT.usage, 'give --for or --until, not both');
  if (duration === undefined && until === undefined) {
    throw new CliError(EXIT.usage, 'how long? give --for <duration> or --until <time>');
  }
  const subjects = await findSubjects(context, texts);
  const details = { for: duration, until, ...actor(options) };
  const { lockout, output } = context;
  const locked = (count: number) => `${plural(count, 'subject')} locked`;
  return runLong(output, locked, async (long) => {
    const done = await forEach(subjects, (subject) => lockout.block(subject, details), long);
    const last = done.at(-1);
    const end = last ? ` until ${lockEnd(last)}` : '';
    // Two spellings of a name are one subject.
    const count = new Set(done.map(({ key }) => key)).size;
    output.result(`${locked(count)}${end}.`, { locked: count, lockedUntil: last?.lockedUntil ?? null });
    return EXIT.done;
  });
}

async function unblock(context: Context, options: ActorFlags, texts: readonly string[]): Promise<ExitCode> {
  const subjects = await findSubjects(context, texts, { byKey: true });
  const { lockout, output } = context;
  const freed = (count: number) => `${plural(count, 'subject')} unblocked`;
  return runLong(
    output,
    (done) => `${plural(done, 'subject')} checked`,
    async (long) => {
      const done = await forEach(subjects, (subject) => lockout.unblock(subject, actor(options)), long);
      const unblocked = done.filter((wasLocked) => wasLocked).length;
      output.result(unblocked === 0 ? 'No locked subjects found.' : `${freed(unblocked)}.`, { unblocked });
      return unblocked === 0 ? EXIT.nothing : EXIT.done;
    },
  );
}

/** Undoes acts, each named by its id. */
async function undo({ lockout, output }: Context, options: ActorFlags, ids: readonly string[]): Promise<ExitCode> {
  const locked = (count: number) => `${plural(count, 'subject')} locked again`;
  return runLong(output, locked, async (long) => {
    const done = await forEach(ids, (id) => lockout.undo(id, actor(options)), long);
    const count = done.filter(Boolean).length;
    output.result(count === 0 ? 'Nothing to undo.' : `${locked(count)}.`, { locked: count });
    return count === 0 ? EXIT.nothing : EXIT.done;
  });
}

/**
 * Returns every named subject; all are checked before the first is touched.
 *
 * @param byKey - whether to accept a key whose name is unknown
 */
async function findSubjects(
  { lockout, stdin }: Context,
  texts: readonly string[],
  { byKey = false } = {},
): Promise<readonly SubjectInput[]> {
  const { options } = lockout[ENGINE];
  const isList = texts.includes('-');
  if (isList && texts.length > 1)
    throw new CliError(EXIT.usage, '- (a list on standard input) must be the only argument');
  const lines = isList ? await readList(stdin) : texts;
  return lines.flatMap((line, index) => {
    if (byKey && isStoredKey(line)) return [{ key: line }];
    try {
      const subjects = parseSubjects(line, options.ipv6Prefix);
      // Within a range, checking the first is enough.
      for (const subject of subjects.slice(0, 1)) findSubject(options, subject);
      return subjects;
    } catch (error) {
      if (isList) throw new CliError(EXIT.usage, `entry ${index + 1}: ${(error as Error).message}`);
      throw error;
    }
  });
}
