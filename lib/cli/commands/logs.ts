/** Removing from the attempt log, and what no longer matters. */
import type { Command } from 'commander';
import type { AttemptOutcome } from '../../stores/attempt-log.js';
import { parseDays } from '../arguments.js';
import { type Context, confirm, type Surroundings, withLockout } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { runLong } from '../long-task.js';
import { plural } from '../output.js';

interface LogOptions {
  readonly age?: number;
  readonly all?: boolean;
  readonly yes?: boolean;
}

const DEFAULT_AGE_DAYS = 30;

export function addLogCommands(program: Command, surroundings: Surroundings): void {
  addResetLogs(program, surroundings, 'reset-logs', 'entries of the attempt log', undefined);
  addResetLogs(program, surroundings, 'reset-failure-logs', 'failed attempts of the attempt log', 'failed');
  program
    .command('cleanup')
    .description('remove what has expired and the store has not removed by itself')
    .action(withLockout<[], object>(surroundings, cleanup));
}

function addResetLogs(
  program: Command,
  surroundings: Surroundings,
  name: string,
  what: string,
  outcome: AttemptOutcome | undefined,
): void {
  program
    .command(name)
    .description(`remove ${what} older than ${DEFAULT_AGE_DAYS} days`)
    .option('--age <days>', 'or older than so many days', parseDays)
    .option('--all', 'or all of them')
    .option('--yes', 'do not ask before all of them are removed')
    .action(
      withLockout<[], LogOptions>(surroundings, async (context, options) => {
        const { age = DEFAULT_AGE_DAYS, all = false, yes } = options;
        if (all && options.age !== undefined) throw new CliError(EXIT.usage, 'give --age or --all, not both');
        const isEverything = all || age === 0;
        if (isEverything) await confirm(context, yes, `removes all ${what}`);
        return removeLogs(context, isEverything ? undefined : age, outcome);
      }),
    );
}

async function removeLogs(
  { lockout, output }: Context,
  days: number | undefined,
  outcome: AttemptOutcome | undefined,
): Promise<ExitCode> {
  const removed = (count: number) => `${plural(count, 'log')} removed`;
  return runLong(output, removed, async (long) => {
    const which = days === undefined ? ({ all: true } as const) : { olderThan: { days } };
    const count = await lockout.removeAttempts({ ...which, outcome, ...long });
    output.result(count === 0 ? 'No logs found.' : `${removed(count)}.`, { removed: count });
    return EXIT.done;
  });
}

async function cleanup({ lockout, output }: Context): Promise<ExitCode> {
  return runLong(
    output,
    (done) => `${plural(done, 'record')} removed`,
    async (long) => {
      const { subjects, attempts } = await lockout.cleanup(long);
      const logs = plural(attempts, 'log');
      output.result(`Finished. Removed ${logs} and ${plural(subjects, 'subject')}.`, { subjects, attempts });
      return EXIT.done;
    },
  );
}
