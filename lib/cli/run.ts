/** Assembles the commands, runs one, and turns any error into an exit code and at most one line. */
import { type Argument, Command, CommanderError } from 'commander';
import { escapeUnsafe } from '../util/printable.js';
import type { Input, Surroundings } from './command.js';
import { addActivityCommand } from './commands/activity.js';
import { addAliases } from './commands/aliases.js';
import { addAttemptsCommand } from './commands/attempts.js';
import { addCheckCommands } from './commands/checks.js';
import { addDevicesCommand, addRevokeDevicesCommand } from './commands/devices.js';
import { addPolicyCommands } from './commands/policy.js';
import { addCleanupCommand, addRemovalCommands } from './commands/removals.js';
import { addResetCommand } from './commands/reset.js';
import { addStatusCommand } from './commands/status.js';
import { addBlockCommands, addListCommand } from './commands/subjects.js';
import { PSEUDONYMIZE_VARIABLE } from './connect.js';
import { maskCredentials, onOneLine } from './escape.js';
import { CliError, EXIT, type ExitCode } from './exit.js';
import { examplesOf, linkTo } from './help.js';
import { Output, type Streams } from './output.js';

/** Used where there is no terminal. */
const HELP_WIDTH = 80;

const EXAMPLES = [
  'passport-lockout status alice --app ./dist/lockout.js',
  'passport-lockout unblock alice --app ./dist/lockout.js',
  'passport-lockout block 203.0.113.9 --for 2h --reason scanner',
];

const ENDING = `
Environment:
  MONGODB_URI, REDIS_URL         The database, if --mongo and --redis are not
                                 given; keeps credentials out of process lists
  ${PSEUDONYMIZE_VARIABLE}  The secret of the option pseudonymize; during a
                                 change of secrets, put the previous one into
                                 ${PSEUDONYMIZE_VARIABLE}_PREVIOUS

Exit codes:
  0    Done
  1    Nothing was found for what was named, or check or doctor has findings
  2    Wrong usage; nothing was changed
  3    The store cannot be reached
  130  Interrupted

${linkTo()}`;

/** What a command uses of its process. */
export interface CommandIo extends Streams {
  readonly stdin: Input;
  readonly env: NodeJS.ProcessEnv;
  /** The folder from which the module of `--app` is resolved. */
  readonly cwd: string;
  /** The version of this package. */
  readonly version: string;
  /** Rejects on an uncaught error in this process, such as one of the loaded application. */
  readonly uncaught: Promise<never>;
}

/**
 * Runs one command and returns its exit code, once all its output has left the process.
 *
 * @param args - without the paths of Node and of the command
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
    .description(`Inspect, block and unblock usernames and addresses.\n\n${examplesOf(EXAMPLES)}`)
    .version(version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print this help')
    .option('--app <module>', 'Use the Lockout that this module exports')
    .option('--mongo <uri>', 'Use this database instead of an application')
    .option('--redis <uri>', 'Use this Redis server or cluster instead')
    .option('--prefix <text>', 'Prefix of the collections, or of the keys in Redis')
    .option('--json', 'Print JSON, one value per line for rows')
    .option('-q, --quiet', 'Print only errors and the requested data')
    .addHelpText('after', ENDING)
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
    })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => stderr.columns ?? HELP_WIDTH,
      // Messages are printed by `outcomeOf`, on one line.
      outputError: () => {},
    })
    .exitOverride();
  program.commandsGroup('Inspect:');
  addStatusCommand(program, surroundings);
  addListCommand(program, surroundings);
  addAttemptsCommand(program, surroundings);
  addDevicesCommand(program, surroundings);
  addActivityCommand(program, surroundings);
  program.commandsGroup('Block and unblock:');
  addBlockCommands(program, surroundings);
  addRevokeDevicesCommand(program, surroundings);
  program.commandsGroup('Reset and remove:');
  addResetCommand(program, surroundings);
  addRemovalCommands(program, surroundings);
  program.commandsGroup('Maintain:');
  addCheckCommands(program, surroundings);
  addCleanupCommand(program, surroundings);
  addPolicyCommands(program, surroundings);
  addAliases(program, surroundings);
  return program.commandsGroup('Help:').helpCommand('help [command]', 'Print the help of a command');
}

function termOf(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
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
    output.error(oneLine(error));
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

/** Compared by name: the application may have loaded the package in its other module format, and another copy of the driver. */
function isOfStore(error: unknown): boolean {
  return nameOf(error) === 'LockoutStoreError' || /^Mongo(?:ose)?[A-Z]/.test(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
