/** Commands under the names of django-axes: they work, but are not listed in the help. */
import type { Command } from 'commander';
import type { AttemptOutcome } from '../../stores/attempt-log.js';
import { BY, REASON } from '../actor.js';
import { parseDays } from '../arguments.js';
import { type Context, changing, reading, type Surroundings } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { type RemoveAttemptsOptions, removeAttempts } from './removals.js';
import { type ResetOptions, reset } from './reset.js';

const PAGE = 1_000;

/** The options that `reset` has under the same names. */
type AliasOptions = Pick<ResetOptions, 'by' | 'reason' | 'dryRun'>;

export function addAliases(program: Command, surroundings: Surroundings): void {
  const hidden = (name: string, meaning: string) =>
    program.command(name, { hidden: true }).description(`Another name for ${meaning}.`);
  const ofReset = (name: string, meaning: string) =>
    hidden(name, meaning)
      .option('--dry-run', 'Print what would be reset, and change nothing')
      .option(...REASON)
      .option(...BY);
  ofReset('reset-ip', 'reset --ip')
    .argument('<ip...>')
    .action(
      changing<[readonly string[]], AliasOptions>(surroundings, (context, options, ip) =>
        reset(context, { ...options, ip }),
      ),
    );
  ofReset('reset-username', 'reset --username')
    .argument('<name...>')
    .action(
      changing<[readonly string[]], AliasOptions>(surroundings, (context, options, username) =>
        reset(context, { ...options, username }),
      ),
    );
  ofReset('reset-ip-username', 'reset --ip --username')
    .argument('<ip>')
    .argument('<name>')
    .action(
      changing<[string, string], AliasOptions>(surroundings, (context, options, ip, name) =>
        reset(context, { ...options, ip: [ip], username: [name] }),
      ),
    );
  addRemoval(hidden('reset-logs', 'remove-attempts'), surroundings);
  addRemoval(hidden('reset-failure-logs', 'remove-attempts --outcome failed'), surroundings, 'failed');
  hidden('list-attempts', 'list --all, in the format of axes').action(reading<[], object>(surroundings, listAttempts));
}

type AgeOptions = Pick<RemoveAttemptsOptions, 'all' | 'yes' | 'dryRun' | 'by' | 'reason'> & { readonly age?: number };

function addRemoval(command: Command, surroundings: Surroundings, outcome?: AttemptOutcome): void {
  command
    .option('--age <days>', 'Remove entries older than this many days (default: 30)', parseDays)
    .option('--all', 'Remove entries of any age; asks first, as --age 0 does')
    .option('--dry-run', 'Print how many would be removed, and change nothing')
    .option('--yes', 'Do not ask')
    .option(...REASON)
    .option(...BY)
    .action(
      changing<[], AgeOptions>(surroundings, (context, { age, all = false, ...options }) => {
        if (all && age !== undefined) throw new CliError(EXIT.usage, 'give --age or --all, not both');
        const which = all || age === 0 ? { all: true } : age === undefined ? {} : { olderThan: { days: age } };
        return removeAttempts(context, { ...options, ...which, ...(outcome && { outcome }) });
      }),
    );
}

async function listAttempts({ lockout, output }: Context): Promise<ExitCode> {
  output.heading(['ip', 'username', 'failures']);
  for await (const { parts, failures } of lockout.list({ locked: false, limit: PAGE })) {
    const { ip = '', username = '' } = parts;
    if (failures > 0) output.row([ip, username, failures], { ip, username, failures });
  }
  return EXIT.done;
}
