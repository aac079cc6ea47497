/** Exit codes, and the error that ends a command with one. */

export const EXIT = {
  done: 0,
  /** Nothing was found of what was named, or `check` or `doctor` has findings. */
  nothing: 1,
  usage: 2,
  unreachable: 3,
  /** 128 plus the number of SIGINT, as in shells. */
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
