/** Shows why a user cannot log in, and the command that frees them. */
import type { Command } from 'commander';
import { Duration } from 'luxon';
import { ENGINE, type Lockout } from '../../lockout.js';
import type { SubjectInput } from '../../operator/find-subject.js';
import { type Context, reading, type Surroundings } from '../command.js';
import type { ConnectOptions } from '../connect.js';
import { EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';
import { lockEnd } from '../lock-end.js';
import { unblockCommand } from '../shell-text.js';
import { parseSubject, SUBJECT_HELP } from '../subject-text.js';

const LATEST_ATTEMPTS = 5;

export function addStatusCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('status'), {
    summary: 'Show one subject, what refuses it, and its last attempts',
    details: SUBJECT_HELP,
    examples: [
      'passport-lockout status alice',
      'passport-lockout status 203.0.113.9 --json',
      "passport-lockout status 'ip=203.0.113.9&username=alice'",
    ],
    section: 'looking',
  })
    .argument('<subject>', 'The username, address or combination')
    .action(reading<[string], ConnectOptions>(surroundings, status));
}

async function status({ lockout, isApp, output }: Context, place: ConnectOptions, text: string): Promise<ExitCode> {
  const input = parseSubject(text);
  const { attemptsLeft, ...found } = await lockout.status(input);
  const latest = await latestAttempts(lockout, input);
  const refusing = await whatRefuses(lockout, input, place);
  const { locked, failures, consecutiveFailures, verifying } = found;
  const isKnown = locked || failures > 0 || consecutiveFailures > 0 || verifying > 0;
  const exitCode = isKnown || refusing.length > 0 ? EXIT.done : EXIT.nothing;
  if (output.isJson) {
    // Without the application, its ladder is unknown.
    output.row([], { ...found, ...(isApp && { attemptsLeft }), refusedBy: refusing, attempts: latest });
    return exitCode;
  }
  const rows: readonly (readonly [string, string | number | null])[] = [
    ['subject', found.key],
    ['locked', locked ? `until ${lockEnd(found)}` : 'no'],
    ['time left', found.remaining && toWords(found.remaining)],
    ['cause', found.cause],
    ['tier', found.tier],
    ['limit', found.limit],
    ['reason', found.reason],
    ['by', found.by],
    ['failures', failures],
    // Kept only for a hard stop.
    ...(consecutiveFailures > 0 ? [['consecutive failures', consecutiveFailures] as const] : []),
    ...(isApp ? [['attempts left', attemptsLeft] as const] : []),
    ['verifying', verifying],
    ['first failure', found.firstFailureAt?.toISOString() ?? null],
    ['last failure', found.lastFailureAt?.toISOString() ?? null],
  ];
  if (isKnown) for (const row of rows) output.row(row, null);
  else output.result(`Nothing is known of ${found.key}.`, null);
  output.endRows();
  for (const subject of refusing) {
    output.row(['refused by', subject.key, `until ${lockEnd(subject)}`, subject.command], null);
  }
  if (latest.length > 0) output.blankLine();
  output.heading(['at', 'outcome', 'username', 'ip', 'reason', 'dimension', 'user agent']);
  for (const { at, outcome, username, ip, reason, dimension, userAgent } of latest) {
    output.row([at.toISOString(), outcome, username, ip, reason, dimension, userAgent], null);
  }
  return exitCode;
}

/** Returns what refuses the name or its addresses, each with the command that frees it. */
async function whatRefuses(lockout: Lockout, { username, ip }: SubjectInput, place: ConnectOptions) {
  if ((username ?? ip) === undefined) return [];
  const named = { ...(username !== undefined && { username }), ...(ip !== undefined && { ip }) };
  const subjects = await lockout.refusedBy(named);
  return subjects.map((subject) => ({ ...subject, command: unblockCommand(subject.key, place) }));
}

/** The latest attempts show best why a subject was locked. */
async function latestAttempts(lockout: Lockout, { username, ip }: SubjectInput) {
  if (!lockout[ENGINE].options.store.attemptLog || (username ?? ip) === undefined) return [];
  return (await lockout.attempts({ username, ip, limit: LATEST_ATTEMPTS })).items;
}

/** Returns a text in whole seconds, such as `14 minutes, 59 seconds`. */
function toWords(left: Duration): string {
  return Duration.fromObject({ seconds: Math.ceil(left.as('seconds')) }, { locale: 'en' })
    .rescale()
    .toHuman();
}
