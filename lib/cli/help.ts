/** The layout of each command's help: a sentence, examples, then arguments and options, then where to read more. */
import type { Command } from 'commander';

/** The help texts of a command. */
export interface CommandText {
  /** Begins with a verb; short enough for a line of the list of commands, and without a full stop. */
  readonly summary: string;
  /** What the summary leaves out, in full sentences. */
  readonly details?: string;
  /** Lines that can be pasted into a shell. */
  readonly examples: readonly string[];
  /** The anchor of a heading in `docs/operations.md`. */
  readonly section: string;
}

/** Where an application that installed the package finds it. */
const PAGE = 'node_modules/passport-lockout/docs/operations.md';

/** Gives a command its help. */
export function explain(command: Command, { summary, details, examples, section }: CommandText): Command {
  const sentences = details === undefined ? `${summary}.` : `${summary}. ${details}`;
  return command
    .summary(summary)
    .description(`${sentences}\n\n${examplesOf(examples)}`)
    .addHelpText('after', `\n${linkTo(`${PAGE}#${section}`)}`);
}

export function examplesOf(examples: readonly string[]): string {
  return `Examples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`;
}

export function linkTo(page: string = PAGE): string {
  return `More: ${page}`;
}
