/** What holds of every call, whatever it is given. */
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { run } from '../../../lib/cli/run.js';
import { Lockout, LockoutConfigError, LockoutRefusedError, LockoutStoreError } from '../../../lib/index.js';
import { CALLS, expectNoSlots, SECRET } from './calls.js';
import { anything, BOOM } from './values.js';

const EVENTS = [
  'blocked',
  'unblocked',
  'attempt_failed',
  'attempt_succeeded',
  'attempt_refused',
  'store_error',
  'warning',
] as const;
const DOCUMENTED = [LockoutConfigError, LockoutStoreError, LockoutRefusedError];
const APP = fileURLToPath(new URL('../../support/sites/memory-app.js', import.meta.url));

const DIMENSIONS = ['username', 'ip', ['ip', 'username']] as const;

/** Written in two, so that no message of this file shows it. */
const MARK = SECRET.slice(0, 7);

function expectNoSecret(shown: unknown, where: string): void {
  const all = [inspect(shown, { depth: 12, showHidden: true, maxStringLength: null }), toJson(shown)];
  if (all.some((line) => line.includes(MARK))) throw new Error(`a secret is shown by ${where}`);
}

function toJson(shown: unknown): string {
  try {
    return JSON.stringify(shown) ?? '';
  } catch {
    // A bigint, a circle.
    return '';
  }
}

function expectDocumented(error: unknown): void {
  if (error === BOOM) return;
  if (!DOCUMENTED.some((kind) => error instanceof kind))
    throw new Error('an error that no page tells of', { cause: error });
  const { message, stack, cause } = error as Error;
  if (message.length > 8_000) throw new Error(`a message of ${message.length} characters`);
  expectNoSecret([message, stack, cause], 'an error');
}

/** One call on a lockout that has seen some logins. */
export async function holdsFor(name: string, args: readonly unknown[]): Promise<void> {
  const told: unknown[] = [];
  const watched: Lockout[] = [];
  const watch = (lockout: Lockout) => {
    for (const event of EVENTS) lockout.on(event, (payload: object) => told.push(payload));
    watched.push(lockout);
    return lockout;
  };
  const lockout = watch(new Lockout({ attemptLog: 'await', secret: SECRET, dimensions: DIMENSIONS }));
  await lockout.protect({ username: 'alice', ip: '203.0.113.9', req: { sessionID: SECRET } as object }, () => false);
  await lockout.block({ ip: '2001:db8::1' }, { for: 'forever' });
  try {
    await Reflect.apply((CALLS[name] as (typeof CALLS)[string]).act, undefined, [{ lockout, watch }, ...args]);
  } catch (error) {
    expectDocumented(error);
  }
  // A clock that throws makes its store fail here, too.
  for (const one of watched) await expectNoSlots(one).catch(expectDocumented);
  expectNoSecret(told, 'an event');
  expectNoSecret((await lockout.attempts()).items, 'the attempt log');
  expectNoSecret(watched, 'the lockout itself');
  await lockout.close();
}

export const aCall = fc
  .constantFrom(...Object.keys(CALLS))
  .chain((name) =>
    fc.tuple(fc.constant(name), fc.tuple(...(CALLS[name] as (typeof CALLS)[string]).args.map(orNothing))),
  );

/** Mostly what it may be; else anything at all. */
function orNothing(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: anything });
}

/** What each command takes: arguments and options. Not --follow, which never ends, nor --mongo, which would call a server. */
const COMMANDS: Readonly<Record<string, readonly [args: number, ...options: string[]]>> = {
  reset: [0, '--username', '--ip', '--dry-run', '--yes', '--by'],
  'reset-ip': [2, '--by'],
  'reset-username': [2, '--by'],
  'reset-ip-username': [2, '--by'],
  'reset-logs': [0, '--age', '--all', '--yes'],
  'reset-failure-logs': [0, '--age', '--all', '--yes'],
  'remove-attempts': [0, '--older-than', '--outcome', '--all', '--dry-run', '--yes'],
  cleanup: [0, '--dry-run'],
  status: [1],
  list: [0, '--all', '--dimension', '--username', '--ip'],
  block: [2, '--for', '--until', '--reason', '--by'],
  unblock: [2, '--by'],
  erase: [2, '--dry-run', '--by'],
  'list-attempts': [0],
  attempts: [0, '--username', '--ip', '--outcome', '--since', '--limit'],
  check: [0],
  doctor: [0],
  simulate: [0, '--preset', '--tiers', '--forget-after'],
  help: [1],
  x: [0],
};
const FLAGS = ['--yes', '--all', '--dry-run', '--quiet', '--json', '--version', '--help'];
const WORDS = [
  ...['alice', '203.0.113.9', '203.0.113.0/30', '2001:db8::/62', 'username=alice', 'ip=203.0.113.9&username=alice'],
  ...['tenant=x', '15m', 'PT15M', 'forever', '3:15m,6:2h', '5', '0', '', ' ', 'failed', 'owasp', '-', '--'],
  ...['\u001b[2J', '\u202e', 'a\nb', '%', '%E0', '2026-11-22T03:00:00Z'],
];
const word = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ unit: 'binary' }));

/** Mostly as the command wants it, with any words. */
export const aCommandLine = fc.constantFrom(...Object.entries(COMMANDS)).chain(([command, [most, ...own]]) => {
  const option = fc.tuple(fc.constantFrom('--json', ...own), word);
  const given = option.map(([name, value]) => (FLAGS.includes(name) ? [name] : [name, value]));
  const junk = fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    fc.array(fc.constantFrom(...FLAGS, ...WORDS, '--x')),
  );
  const args = fc.tuple(
    fc.array(word, { minLength: Math.min(most, 1), maxLength: most }),
    fc.array(given, { maxLength: 3 }).map((pairs) => pairs.flat()),
    junk.map((some) => some.slice(0, 2)),
  );
  return fc.tuple(
    fc.constant(command),
    args.map((parts) => parts.flat()),
    fc.string({ unit: 'binary' }),
  );
});

const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Ends with its documented exit code, on lines that no name can forge. */
export async function holdsForCommand(command: string, args: readonly string[], input: string): Promise<void> {
  if (args.some((arg) => /^(-[^-]*f|--fo|--mongo|--app)/.test(arg))) return;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  const io = { stdin: Readable.from([input]), stdout, stderr, env: {}, cwd: '/', version: '1.2.3' };
  const code = await run(['--app', APP, command, ...args], { ...io, uncaught: new Promise(() => {}) });
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  if (![0, 1, 2].includes(code)) throw new Error(`ends with ${code}`);
  if (/failed: /.test(err)) throw new Error('an error that no page tells of', { cause: err });
  expectNoSecret([out, err], 'a command');
  // No terminal, so that not even a heading is bold.
  const isPlain = [...(out + err)].every((char) => '\n\t'.includes(char) || !CONTROL.test(char));
  if (!isPlain) throw new Error('what is printed controls the terminal', { cause: [out, err] });
}

/** Emitted in a later turn, and a failure for all that wait for it. */
export async function withoutUnhandled(act: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => unhandled.push(reason));
  try {
    await act();
    await new Promise(setImmediate);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  if (unhandled.length > 0) throw new Error('a rejection that nobody handles', { cause: unhandled });
}
