/** What a policy grants to an attacker. */
import { type Command, Option } from 'commander';
import { ENGINE } from '../../lockout.js';
import { type GuessBudget, guessesGrantedBy, guessesPerYear } from '../../options/guesses-per-year.js';
import { presets } from '../../options/presets.js';
import type { LockoutOptions, Tier } from '../../options/types.js';
import type { CooloffInput } from '../../util/durations.js';
import { parseFor, parseTiers } from '../arguments.js';
import { type Surroundings, withoutLockout } from '../command.js';
import { connect, type Place } from '../connect.js';
import { CliError, EXIT } from '../exit.js';

interface SimulateOptions {
  readonly app?: string;
  readonly preset?: keyof typeof presets;
  readonly tiers?: readonly Tier[];
  readonly forgetAfter?: CooloffInput;
}

export function addPolicyCommands(program: Command, surroundings: Surroundings): void {
  program
    .command('simulate')
    .description('how many guesses a year a patient attacker has: by --app, a ladder, or the default and each preset')
    .addOption(new Option('--preset <name>', 'by this preset').choices(Object.keys(presets)))
    .option('--tiers <ladder>', 'by this ladder, such as 3:15m,6:2h,10:1d', parseTiers)
    .option('--forget-after <duration>', 'and this time after which failures are forgotten', parseFor)
    .action(
      withoutLockout<SimulateOptions>(surroundings, async (output, options) => {
        output.heading(['policy', 'dimension', 'guesses per year', "at the owner's place"]);
        for (const [policy, budgets] of await budgetsOf(options, surroundings)) {
          for (const { dimension, guesses, atOwnersPlace } of budgets) {
            const row = {
              policy,
              dimension,
              guesses: toJson(guesses),
              atOwnersPlace: atOwnersPlace && toJson(atOwnersPlace),
            };
            output.row([policy, dimension, toText(guesses), atOwnersPlace === null ? '-' : toText(atOwnersPlace)], row);
          }
        }
        return EXIT.done;
      }),
    );
}

/** JSON has no infinity. */
function toJson(guesses: number): number | 'unlimited' {
  return Number.isFinite(guesses) ? guesses : 'unlimited';
}

function toText(guesses: number): string {
  return String(toJson(guesses));
}

type Budgets = readonly (readonly [policy: string, budgets: readonly GuessBudget[]])[];

async function budgetsOf(options: SimulateOptions, place: Place): Promise<Budgets> {
  const { app, preset, tiers, forgetAfter } = options;
  if ([app, preset, tiers].filter((choice) => choice !== undefined).length > 1) {
    throw new CliError(EXIT.usage, 'give one of --app, --preset and --tiers');
  }
  if (app !== undefined) {
    const session = await connect({ app }, place);
    try {
      return [['app', guessesGrantedBy(session.lockout[ENGINE].options)]];
    } finally {
      await session.close();
    }
  }
  const change = forgetAfter === undefined ? {} : { forgetAfter };
  if (tiers) return [['tiers', guessesPerYear({ tiers, ...change })]];
  const named: Readonly<Record<string, LockoutOptions>> = preset
    ? { [preset]: presets[preset] }
    : { default: {}, ...presets };
  return Object.entries(named).map(([name, policy]) => [name, guessesPerYear({ ...policy, ...change })]);
}
