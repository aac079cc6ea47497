/** Puts the commands together, runs one, and turns whatever happens into an exit code and at most one line. */
import { Command, CommanderError } from 'commander';
import type { Surroundings } from './command.js';
import { addAttemptCommands } from './commands/attempts.js';
import { addCheckCommands } from './commands/checks.js';
import { addLogCommands } from './commands/logs.js';
import { addPolicyCommands } from './commands/policy.js';
import { addResetCommands } from './commands/reset.js';
import { addSubjectCommands } from './commands/subjects.js';
import { PSEUDONYMIZE_VARIABLE } from './connect.js';
import { escapeText, maskCredentials } from './escape.js';
import { CliError, EXIT, type ExitCode } from './exit.js';
import { Output } from './output.js';

const ENDING = `
Environment:
  MONGODB_URI                    the database, where --mongo is not given; keeps credentials out of process lists
  ${PSEUDONYMIZE_VARIABLE}  the application's secret of the option pseudonymize; beside it, while
                                 secrets change, ${PSEUDONYMIZE_VARIABLE}_PREVIOUS

Exit codes: 0 done, 1 nothing found of what was named, 2 wrong use, 3 the store cannot be reached, 130 interrupted.`;

/** Runs the command of the process and ends it; an application that was loaded might keep it open for ever. */
export async function run(process: NodeJS.Process, version: string): Promise<never> {
  const output = new Output(process);
  const surroundings = { output, stdin: process.stdin, env: process.env, exitCode: EXIT.done };
  const exitCode = await outcomeOf(createProgram(surroundings, version), surroundings, process.argv);
  await output.flushed();
  return process.exit(exitCode);
}

function createProgram(surroundings: Surroundings, version: string): Command {
  const program = new Command('passport-lockout')
    .description('Looks at lockouts of passport-lockout, locks and frees.')
    .version(version)
    .option('--app <module>', 'a module of the application that exports its Lockout (default or `lockout`)')
    .option('--mongo <uri>', 'the database, where no --app is given')
    .option('--prefix <text>', 'what stands before the names of the collections')
    .option('--json', 'JSON instead of tab-separated text; rows as one value per line')
    .addHelpText('after', ENDING)
    // Messages are printed by `outcomeOf`, on one line.
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  addResetCommands(program, surroundings);
  addLogCommands(program, surroundings);
  addSubjectCommands(program, surroundings);
  addAttemptCommands(program, surroundings);
  addCheckCommands(program, surroundings);
  addPolicyCommands(program, surroundings);
  return program;
}

async function outcomeOf(program: Command, surroundings: Surroundings, argv: readonly string[]): Promise<ExitCode> {
  const { output } = surroundings;
  try {
    await Promise.race([program.parseAsync(argv), nextUncaught()]);
    return surroundings.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    output.note(oneLine(error));
    return exitCodeOf(error);
  }
}

/** An application that was loaded may fail by itself, such as with a connection that nobody waits for. */
function nextUncaught(): Promise<never> {
  return new Promise((_, reject) => {
    process.once('unhandledRejection', reject);
    process.once('uncaughtException', reject);
  });
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  return isOfStore(error) ? EXIT.unreachable : EXIT.usage;
}

function oneLine(error: unknown): string {
  if (error instanceof CommanderError) {
    return escapeText(error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
  }
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const why = isOfStore(error) && cause instanceof Error ? `: ${cause.message}` : '';
  const text = escapeText(maskCredentials(`${message}${why}`));
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
