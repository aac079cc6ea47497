/** How a command ends. */

export const EXIT = {
  done: 0,
  /** Something was named, and nothing of it was found; or `check` has findings. */
  nothing: 1,
  usage: 2,
  unreachable: 3,
  /** 128 and the number of SIGINT, as shells do. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with one line on standard error. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
