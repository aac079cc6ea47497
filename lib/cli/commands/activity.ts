/** Shows what operators did. */
import type { Command } from 'commander';
import type { ActivityRecord } from '../../operator/activity.js';
import { parseLimit, parseSince } from '../arguments.js';
import { type Context, reading, type Surroundings } from '../command.js';
import { EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';

interface ActivityOptions {
  readonly by?: string;
  readonly since?: Date;
  readonly limit?: number;
}

const PAGE = 1_000;
const DEFAULT_LIMIT = 100;

export function addActivityCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('activity'), {
    summary: 'Show what operators did, newest first',
    examples: ['passport-lockout activity', 'passport-lockout activity --by carol --since 7d --json'],
    section: 'what-operators-did',
  })
    .option('--by <name>', 'Show only what this operator did')
    .option('--since <time>', 'Start at a date, or an age such as 15m, 2h, 7d', parseSince)
    .option('--limit <count>', `Show at most this many (default: ${DEFAULT_LIMIT})`, parseLimit)
    .action(reading<[], ActivityOptions>(surroundings, activity));
}

async function activity({ lockout, output }: Context, options: ActivityOptions): Promise<ExitCode> {
  const { by, since, limit = DEFAULT_LIMIT } = options;
  output.heading(['at', 'act', 'subject', 'changed', 'by', 'reason', 'id']);
  let left = limit;
  for await (const act of lockout.activity({ by, since, limit: Math.min(PAGE, limit) })) {
    const { at, action, reason, id } = act;
    output.row([at.toISOString(), action, subjectOf(act), countsOf(act), act.by, reason, id], act);
    left -= 1;
    if (left === 0) break;
  }
  return EXIT.done;
}

function subjectOf({ key, parts }: ActivityRecord): string | null {
  const named = Object.entries(parts).map(([name, value]) => `${name}=${value}`);
  return key ?? (named.join('&') || null);
}

/** Such as `unblocked 1`. */
function countsOf({ counts }: ActivityRecord): string | null {
  if (!counts) return 'not ended';
  return (
    Object.entries(counts)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ') || null
  );
}
