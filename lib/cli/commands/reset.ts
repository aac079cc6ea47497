/** Resets the failures and locks of some subjects, or of all. */
import { type Command, Option } from 'commander';
import { ENGINE } from '../../lockout.js';
import { DryRun } from '../../operator/dry-run.js';
import { type ActorFlags, actor, BY, REASON } from '../actor.js';
import { type Context, changing, confirm, type Surroundings } from '../command.js';
import { EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';
import { runLong } from '../long-task.js';
import { plural } from '../output.js';
import { type DryRunOption, dryRunText } from '../preview-text.js';

export interface ResetOptions extends ActorFlags, DryRunOption {
  readonly username?: readonly string[];
  readonly ip?: readonly string[];
  readonly match?: 'all' | 'any';
  readonly yes?: boolean;
}

/** Selects the subjects that contain each of these parts. */
type Named = Readonly<{ username?: string; ip?: string }>;

export function addResetCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('reset'), {
    summary: 'Reset everything counted for usernames or addresses',
    details:
      'Lifts the locks and forgets the failures of every subject that contains the username or address, including ' +
      'combinations. With both options, only combinations of the two, or with --match any all that contain either; with ' +
      'neither, all subjects.',
    examples: [
      'passport-lockout reset --username alice bob',
      'passport-lockout reset --ip 203.0.113.9 --dry-run',
      'passport-lockout reset --ip 203.0.113.9 --username alice',
      'passport-lockout reset --ip 203.0.113.9 --username alice --match any',
      'passport-lockout reset --yes',
    ],
    section: 'freeing',
  })
    .option('--username <name...>', 'Reset subjects that contain this username')
    .option('--ip <address...>', 'Reset subjects that contain this address')
    .addOption(
      new Option('--match <which>', 'With both options: subjects that contain both (all), or either (any)')
        .choices(['all', 'any'])
        .default('all'),
    )
    .option('--dry-run', 'Print what would be reset, and change nothing')
    .option('--yes', 'Reset everybody without asking')
    .option(...REASON)
    .option(...BY)
    .action(changing<[], ResetOptions>(surroundings, reset));
}

export async function reset(context: Context, options: ResetOptions): Promise<ExitCode> {
  const named = namesOf(options);
  if (options.dryRun) return preview(context, named);
  if (named.length > 0) return resetAll(context, options, named);
  await confirm(context, options.yes, 'resets the failures and locks of everybody');
  const exitCode = await resetAll(context, options, [{ all: true }]);
  return exitCode === EXIT.nothing ? EXIT.done : exitCode;
}

function namesOf({ username = [], ip = [], match }: ResetOptions): readonly Named[] {
  const addresses = ip.map((address) => ({ ip: address }));
  const names = username.map((name) => ({ username: name }));
  if (match === 'any' || names.length === 0 || addresses.length === 0) return [...addresses, ...names];
  return ip.flatMap((address) => username.map((name) => ({ ip: address, username: name })));
}

async function resetAll(
  { lockout, output }: Context,
  options: ResetOptions,
  queries: readonly (Named | { readonly all: true })[],
): Promise<ExitCode> {
  return runLong(output, wereReset, async (long) => {
    const total = { reset: 0, unblocked: 0 };
    for (const query of queries) {
      const { reset: count, unblocked } = await lockout.reset({ ...query, ...long, ...actor(options) });
      total.reset += count;
      total.unblocked += unblocked;
    }
    const { reset: count, unblocked } = total;
    output.result(count === 0 ? 'Nothing to reset.' : `${wereReset(count)}, ${unblocked} unblocked.`, total);
    return count === 0 ? EXIT.nothing : EXIT.done;
  });
}

async function preview({ lockout, output }: Context, named: readonly Named[]): Promise<ExitCode> {
  const isEverybody = named.length === 0;
  return runLong(
    output,
    (done) => `${plural(done, 'subject')} found`,
    async (long) => {
      const run = new DryRun(lockout[ENGINE]);
      const { keys, ...total } = await run.reset(isEverybody ? 'all' : named, long);
      const { reset: count, unblocked } = total;
      const what = count === 0 ? '' : `${plural(count, 'subject')} to reset, ${unblocked} of them locked`;
      output.answer(dryRunText(what, keys, count), { ...total, dryRun: true });
      return count === 0 && !isEverybody ? EXIT.nothing : EXIT.done;
    },
  );
}

function wereReset(count: number): string {
  return `${plural(count, 'subject')} reset`;
}
