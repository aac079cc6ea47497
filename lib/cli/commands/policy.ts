/** Estimates what a policy grants to an attacker. */
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
import { explain } from '../help.js';

interface SimulateOptions {
  readonly app?: string;
  readonly preset?: keyof typeof presets;
  readonly tiers?: readonly Tier[];
  readonly forgetAfter?: CooloffInput;
}

export function addPolicyCommands(program: Command, surroundings: Surroundings): void {
  explain(program.command('simulate'), {
    summary: 'Estimate how many guesses per year a policy allows',
    details: 'Takes the policy of --app, a preset or a ladder; without any, shows the default and every preset.',
    examples: [
      'passport-lockout simulate --tiers 3:15m,6:2h,10:1d',
      'passport-lockout simulate --preset owasp',
      'passport-lockout simulate --app ./dist/lockout.js',
    ],
    section: 'the-policy',
  })
    .addOption(new Option('--preset <name>', 'Estimate this preset').choices(Object.keys(presets)))
    .option('--tiers <ladder>', 'Estimate this ladder of failures and lock durations', parseTiers)
    .option('--forget-after <duration>', 'Forget failures after this time', parseFor)
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
