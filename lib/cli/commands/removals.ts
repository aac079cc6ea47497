/** Removes stored data: entries of the attempt log, all data about a user, and expired data. */
import { type Command, Option } from 'commander';
import { ENGINE } from '../../lockout.js';
import { DryRun } from '../../operator/dry-run.js';
import type { AttemptOutcome } from '../../stores/attempt-log.js';
import { type DurationInput, parseDuration } from '../../util/durations.js';
import { type ActorFlags, actor, BY, REASON } from '../actor.js';
import { parseAge } from '../arguments.js';
import { type Context, changing, confirm, type Surroundings } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';
import { runLong } from '../long-task.js';
import { logEntries, plural } from '../output.js';
import { type DryRunOption, dryRunText } from '../preview-text.js';
import { OUTCOMES } from './attempts.js';

interface EraseOptions extends ActorFlags, DryRunOption {}

export interface RemoveAttemptsOptions extends ActorFlags, DryRunOption {
  readonly olderThan?: DurationInput;
  readonly outcome?: AttemptOutcome;
  readonly all?: boolean;
  readonly yes?: boolean;
}

const DEFAULT_AGE_DAYS = 30;
const found = (done: number) => `${plural(done, 'record')} found`;

export function addRemovalCommands(program: Command, surroundings: Surroundings): void {
  explain(program.command('remove-attempts'), {
    summary: 'Remove old entries of the attempt log',
    examples: [
      'passport-lockout remove-attempts --older-than 90d',
      'passport-lockout remove-attempts --outcome failed --dry-run',
      'passport-lockout remove-attempts --all --yes',
    ],
    section: 'the-attempt-log',
  })
    .option('--older-than <age>', `Remove entries older than 12h, 90d, P1M (default: ${DEFAULT_AGE_DAYS}d)`, parseAge)
    .option('--all', 'Remove entries of any age; asks first')
    .addOption(new Option('--outcome <outcome>', 'Remove only entries with this outcome').choices(OUTCOMES))
    .option('--dry-run', 'Print how many would be removed, and change nothing')
    .option('--yes', 'Do not ask')
    .option(...REASON)
    .option(...BY)
    .action(changing<[], RemoveAttemptsOptions>(surroundings, removeAttempts));
  explain(program.command('erase'), {
    summary: 'Erase all data stored about users',
    details:
      'Removes the records of a username, its combinations and its log entries, as required by article 17 of the GDPR.',
    examples: ['passport-lockout erase carol', 'passport-lockout erase carol dave --dry-run'],
    section: 'erasing-a-person',
  })
    .argument('<username...>', 'Users whose data to erase')
    .option('--dry-run', 'Print what would be erased, and change nothing')
    .option(...REASON)
    .option(...BY)
    .action(changing<[readonly string[]], EraseOptions>(surroundings, erase));
}

export function addCleanupCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('cleanup'), {
    summary: 'Remove expired data that is still stored',
    details: 'MongoDB and Redis do this by themselves.',
    examples: ['passport-lockout cleanup', 'passport-lockout cleanup --dry-run'],
    section: 'the-attempt-log',
  })
    .option('--dry-run', 'Print how much would be removed, and change nothing')
    .action(changing<[], DryRunOption>(surroundings, cleanup));
}

export async function removeAttempts(context: Context, options: RemoveAttemptsOptions): Promise<ExitCode> {
  const { olderThan = { days: DEFAULT_AGE_DAYS }, all = false, outcome, yes, dryRun } = options;
  const { lockout, output } = context;
  if (all && options.olderThan !== undefined) {
    throw new CliError(EXIT.usage, 'give --older-than or --all, not both');
  }
  if (dryRun) {
    const olderThanMs = all ? undefined : parseDuration(olderThan);
    return runLong(output, found, async (long) => {
      const removed = await new DryRun(lockout[ENGINE]).removeAttempts({ olderThanMs, outcome }, long);
      output.answer(dryRunText(removed === 0 ? '' : `${logEntries(removed)} to remove`), { removed, dryRun: true });
      return EXIT.done;
    });
  }
  if (all) {
    const entries = outcome === undefined ? 'entries' : `${outcome} entries`;
    await confirm(context, yes, `removes all ${entries} of the attempt log`);
  }
  const which = all ? ({ all: true } as const) : { olderThan };
  const wereRemoved = (count: number) => `${logEntries(count)} removed`;
  return runLong(output, wereRemoved, async (long) => {
    const removed = await lockout.removeAttempts({ ...which, outcome, ...actor(options), ...long });
    output.result(removed === 0 ? 'No log entries to remove.' : `${wereRemoved(removed)}.`, { removed });
    return EXIT.done;
  });
}

async function erase(context: Context, options: EraseOptions, names: readonly string[]): Promise<ExitCode> {
  const { lockout, output } = context;
  if (options.dryRun) {
    return runLong(output, found, async (long) => {
      const { keys, ...total } = await new DryRun(lockout[ENGINE]).erase(names, long);
      const isNothing = total.subjects + total.attempts === 0;
      const what = `${plural(total.subjects, 'subject')} and ${logEntries(total.attempts)} to erase`;
      output.answer(dryRunText(isNothing ? '' : what, keys, total.subjects), { ...total, dryRun: true });
      return isNothing ? EXIT.nothing : EXIT.done;
    });
  }
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
      const what = `${plural(total.subjects, 'subject')} and ${logEntries(total.attempts)} erased.`;
      output.result(isNothing ? 'Nothing found.' : what, total);
      return isNothing ? EXIT.nothing : EXIT.done;
    },
  );
}

async function cleanup({ lockout, output }: Context, { dryRun }: DryRunOption): Promise<ExitCode> {
  if (dryRun) {
    return runLong(output, found, async (long) => {
      const { subjects, attempts } = await new DryRun(lockout[ENGINE]).cleanup(long);
      const what = `${plural(subjects, 'subject')} and ${logEntries(attempts)} to remove`;
      output.answer(dryRunText(subjects + attempts === 0 ? '' : what), { subjects, attempts, dryRun: true });
      return EXIT.done;
    });
  }
  return runLong(
    output,
    (done) => `${plural(done, 'record')} removed`,
    async (long) => {
      const { subjects, attempts } = await lockout.cleanup(long);
      const what = `${plural(subjects, 'subject')} and ${logEntries(attempts)} removed.`;
      output.result(what, { subjects, attempts });
      return EXIT.done;
    },
  );
}
