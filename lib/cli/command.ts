/** What all commands share: connecting, refusing changes in local memory, asking for confirmation. */
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { ENGINE, type Lockout } from '../lockout.js';
import { type ConnectOptions, connect } from './connect.js';
import { CliError, EXIT, type ExitCode } from './exit.js';
import type { Output } from './output.js';

/** Standard input: a pipe, a file, or a terminal. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** What a command receives besides its own arguments. */
export interface Context {
  readonly lockout: Lockout;
  /** Whether the application's policy is known, not just its data. */
  readonly isApp: boolean;
  readonly output: Output;
  readonly stdin: Input;
}

/** The parts of the process that commands touch. */
export interface Surroundings {
  readonly output: Output;
  readonly stdin: Input;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Set when the command has ended. */
  exitCode: ExitCode;
}

interface GlobalOptions extends ConnectOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const IN_MEMORY = 'the application keeps its lockouts in memory; this process has its own memory, which is empty';
const UNCHANGEABLE =
  'the application keeps its lockouts in memory, which no other process can change: nothing was changed; ' +
  'call the method of the Lockout within the application, or give it a store that processes share';

type Act<Arguments extends readonly unknown[], Options> = (
  context: Context,
  options: Options,
  ...args: Arguments
) => Promise<ExitCode>;

/** An action of commander; its last two arguments are the options and the command. */
type Action = (...args: unknown[]) => Promise<void>;

/** Makes an action that only reads the lockout, and closes it however the action ends. */
export function reading<Arguments extends readonly unknown[], Options>(
  surroundings: Surroundings,
  act: Act<Arguments, Options>,
): Action {
  return withLockout(surroundings, act, ({ output }) => output.note(IN_MEMORY));
}

/**
 * Makes an action that changes stored data. It is refused on a store in memory: the change would stay in this process, and the
 * operator would read of a lock that locks nobody.
 */
export function changing<Arguments extends readonly unknown[], Options>(
  surroundings: Surroundings,
  act: Act<Arguments, Options>,
): Action {
  return withLockout(surroundings, act, () => {
    throw new CliError(EXIT.usage, UNCHANGEABLE);
  });
}

function withLockout<Arguments extends readonly unknown[], Options>(
  surroundings: Surroundings,
  act: Act<Arguments, Options>,
  onLocalStore: (context: Context) => void,
): Action {
  return async (...all) => {
    const args = all.slice(0, -2) as unknown as Arguments;
    const options = optionsOf<Options>(all, surroundings);
    const session = await connect(options, surroundings);
    const { output, stdin } = surroundings;
    const context = { ...session, output, stdin };
    try {
      if (session.note !== undefined) output.note(session.note);
      if (session.lockout[ENGINE].options.store.isLocal) onLocalStore(context);
      surroundings.exitCode = await act(context, options, ...args);
    } finally {
      await session.close();
    }
  };
}

/** Makes an action that needs no database. */
export function withoutLockout<Options>(
  surroundings: Surroundings,
  act: (output: Output, options: GlobalOptions & Options) => Promise<ExitCode>,
): Action {
  return async (...all) => {
    const options = optionsOf<Options>(all, surroundings);
    surroundings.exitCode = await act(surroundings.output, options);
  };
}

function optionsOf<Options>(all: readonly unknown[], { output }: Surroundings): GlobalOptions & Options {
  const options = (all.at(-1) as Command).optsWithGlobals<GlobalOptions & Options>();
  output.isJson = options.json ?? false;
  output.isQuiet = options.quiet ?? false;
  return options;
}

/**
 * Asks before everything of a kind is removed. Without a terminal to ask at, `--yes` is required.
 *
 * @throws {CliError} unless confirmed; nothing was changed then
 */
export async function confirm(
  { output, stdin }: Pick<Context, 'output' | 'stdin'>,
  isConfirmed: boolean | undefined,
  what: string,
): Promise<void> {
  if (isConfirmed) return;
  if (!stdin.isTTY) throw new CliError(EXIT.usage, `this ${what}; add --yes if that is what you want`);
  output.error(`this ${what}. Type yes to continue:`);
  const answer = await firstLine(stdin);
  if (answer.trim() !== 'yes') throw new CliError(EXIT.usage, 'not confirmed; nothing was changed');
}

/** Returns an empty string if the input ends first (Ctrl+D). */
async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}
