import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { waitUntil } from '../wait-until.js';

/**
 * A process as a later run can still recognise it. A process id alone is not enough: the record outlives restarts of
 * the machine, and by then the id may belong to a stranger that must not be killed.
 */
export interface ServerProcess {
  readonly pid: number;
  /** When it started, in the system's own words, unique on this machine together with the id. */
  readonly startedAt: string;
  /** The signal that asks it to end. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
}

/** Recognizes the process that has this id now; throws if there is none. */
export function identifyProcess(pid: number, stopSignal: ServerProcess['stopSignal'] = 'SIGTERM'): ServerProcess {
  const startedAt = startOf(pid);
  if (startedAt === undefined) {
    throw new Error(`Process ${pid} ended before it could be recorded.`);
  }
  return { pid, startedAt, stopSignal };
}

/** Whether this very process, not another with its id, still runs. */
export function isRunning({ pid, startedAt }: ServerProcess): boolean {
  return startOf(pid) === startedAt;
}

/** Asks the process to end, insists after ten seconds, and returns when it is gone. */
export async function endProcess(target: ServerProcess): Promise<void> {
  for (const signal of [target.stopSignal, 'SIGKILL'] as const) {
    if (!isRunning(target)) {
      return;
    }
    sendSignal(target.pid, signal);
    if (await waitUntil(() => !isRunning(target), 10_000, 20)) {
      return;
    }
  }
  throw new Error(`Process ${target.pid} does not end.`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It may have ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

function startOf(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  } catch {
    return undefined;
  }
}

/** Fields 3 (state) and 22 (start time) of proc_pid_stat(5); the name before them may hold spaces and brackets. */
function startFromProc(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ended = fields[0] === 'Z' || fields[0] === 'X';
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return ended ? undefined : `${bootId}/${fields[19]}`;
}

function startFromPs(pid: number): string | undefined {
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
}
