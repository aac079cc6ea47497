/** Puts the commands together, runs one, and turns whatever happens into an exit code and at most one line. */
import { Command, CommanderError } from 'commander';
import { escapeUnsafe } from '../util/printable.js';
import type { Input, Surroundings } from './command.js';
import { addAttemptCommands } from './commands/attempts.js';
import { addCheckCommands } from './commands/checks.js';
import { addLogCommands } from './commands/logs.js';
import { addPolicyCommands } from './commands/policy.js';
import { addResetCommands } from './commands/reset.js';
import { addSubjectCommands } from './commands/subjects.js';
import { PSEUDONYMIZE_VARIABLE } from './connect.js';
import { maskCredentials, onOneLine } from './escape.js';
import { CliError, EXIT, type ExitCode } from './exit.js';
import { Output, type Streams } from './output.js';

/** Where no terminal says how wide it is. */
const HELP_WIDTH = 80;

const ENDING = `
Environment:
  MONGODB_URI                    the database, where --mongo is not given; keeps credentials out of process lists
  ${PSEUDONYMIZE_VARIABLE}  the application's secret of the option pseudonymize; beside it, while
                                 secrets change, ${PSEUDONYMIZE_VARIABLE}_PREVIOUS

Exit codes: 0 done, 1 nothing found of what was named, 2 wrong use, 3 the store cannot be reached, 130 interrupted.`;

/** What a command takes from its process and gives back to it. */
export interface CommandIo extends Streams {
  readonly stdin: Input;
  readonly env: NodeJS.ProcessEnv;
  /** Where the module of `--app` is looked for. */
  readonly cwd: string;
  /** Of this package. */
  readonly version: string;
  /** Rejects when something fails in this process that nobody waits for, as an application may that was loaded. */
  readonly uncaught: Promise<never>;
}

/**
 * Runs one command and says how it ended; everything it printed has left the process by then.
 *
 * @param args - without the path of Node and of the command
 */
export async function run(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  const output = new Output(io);
  const { stdin, env, cwd } = io;
  const surroundings: Surroundings = { output, stdin, env, cwd, exitCode: EXIT.done };
  const exitCode = await outcomeOf(createProgram(surroundings, io), surroundings, args, io.uncaught);
  await output.flushed();
  return exitCode;
}

function createProgram(surroundings: Surroundings, { stdout, stderr, version }: CommandIo): Command {
  const program = new Command('passport-lockout')
    .description('Looks at lockouts of passport-lockout, locks and frees.')
    .version(version)
    .option('--app <module>', 'a module of the application that exports its Lockout (default or `lockout`)')
    .option('--mongo <uri>', 'the database, where no --app is given')
    .option('--prefix <text>', 'what stands before the names of the collections')
    .option('--json', 'JSON instead of tab-separated text; rows as one value per line')
    .addHelpText('after', ENDING)
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => stderr.columns ?? HELP_WIDTH,
      // Messages are printed by `outcomeOf`, on one line.
      outputError: () => {},
    })
    .exitOverride();
  addResetCommands(program, surroundings);
  addLogCommands(program, surroundings);
  addSubjectCommands(program, surroundings);
  addAttemptCommands(program, surroundings);
  addCheckCommands(program, surroundings);
  addPolicyCommands(program, surroundings);
  return program;
}

async function outcomeOf(
  program: Command,
  surroundings: Surroundings,
  args: readonly string[],
  uncaught: Promise<never>,
): Promise<ExitCode> {
  const { output } = surroundings;
  try {
    await Promise.race([program.parseAsync(args, { from: 'user' }), uncaught]);
    return surroundings.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    output.note(oneLine(error));
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  return isOfStore(error) ? EXIT.unreachable : EXIT.usage;
}

function oneLine(error: unknown): string {
  if (error instanceof CommanderError) {
    return escapeUnsafe(onOneLine(error.message.replace(/^error: /, '')));
  }
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const why = isOfStore(error) && cause instanceof Error ? `: ${cause.message}` : '';
  const text = escapeUnsafe(maskCredentials(`${message}${why}`));
  if (isOfStore(error)) return `cannot reach the store: ${text}`;
  const isExpected = error instanceof CliError || nameOf(error) === 'LockoutConfigError';
  return isExpected ? text : `failed: ${text}`;
}

/** By name: an application may have loaded the package in its other module format, and another copy of the driver. */
function isOfStore(error: unknown): boolean {
  return nameOf(error) === 'LockoutStoreError' || /^Mongo(?:ose)?[A-Z]/.test(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
