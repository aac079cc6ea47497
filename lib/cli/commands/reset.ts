/** Freeing subjects: the commands of django-axes, and `reset` that asks before it frees everybody. */
import type { Command } from 'commander';
import type { ResetQuery, ResetResult } from '../../operator/types.js';
import type { LongRunningOptions } from '../../validation/long-running.js';
import { actor } from '../actor.js';
import { type Context, confirm, type Surroundings, withLockout } from '../command.js';
import { EXIT, type ExitCode } from '../exit.js';
import { runLong } from '../long-task.js';
import { plural } from '../output.js';

interface ResetOptions {
  readonly yes?: boolean;
  readonly by?: string;
}

type NewQuery = Omit<ResetQuery, 'by' | keyof LongRunningOptions>;

export function addResetCommands(program: Command, surroundings: Surroundings): void {
  program
    .command('reset')
    .description('reset the failures and locks of everybody')
    .option('--yes', 'do not ask')
    .option('--by <name>', 'who does it, for the event')
    .action(
      withLockout<[], ResetOptions>(surroundings, async (context, options) => {
        await confirm(context, options.yes, 'resets the failures and locks of everybody');
        const exitCode = await resetAll(context, options, [{ all: true }]);
        return exitCode === EXIT.nothing ? EXIT.done : exitCode;
      }),
    );
  program
    .command('reset-ip')
    .description('reset everything that was counted from addresses')
    .argument('<ip...>')
    .option('--by <name>', 'who does it, for the event')
    .action(
      withLockout<[readonly string[]], ResetOptions>(surroundings, (context, options, ips) =>
        resetAll(
          context,
          options,
          ips.map((ip) => ({ ip })),
        ),
      ),
    );
  program
    .command('reset-username')
    .description('reset everything that was counted on usernames')
    .argument('<name...>')
    .option('--by <name>', 'who does it, for the event')
    .action(
      withLockout<[readonly string[]], ResetOptions>(surroundings, (context, options, names) =>
        resetAll(
          context,
          options,
          names.map((username) => ({ username })),
        ),
      ),
    );
  program
    .command('reset-ip-username')
    .description('reset what was counted on a username from an address')
    .argument('<ip>')
    .argument('<name>')
    .option('--by <name>', 'who does it, for the event')
    .action(
      withLockout<[string, string], ResetOptions>(surroundings, (context, options, ip, username) =>
        resetAll(context, options, [{ ip, username }]),
      ),
    );
}

async function resetAll(
  { lockout, output }: Context,
  options: ResetOptions,
  queries: readonly NewQuery[],
): Promise<ExitCode> {
  const removed = (count: number) => `${plural(count, 'attempt')} removed`;
  return runLong(output, removed, async (long) => {
    const total = { reset: 0, unblocked: 0 };
    for (const query of queries) {
      const { reset, unblocked }: ResetResult = await lockout.reset({ ...query, ...long, ...actor(options) });
      total.reset += reset;
      total.unblocked += unblocked;
    }
    output.result(total.reset === 0 ? 'No attempts found.' : `${removed(total.reset)}.`, total);
    return total.reset === 0 ? EXIT.nothing : EXIT.done;
  });
}
