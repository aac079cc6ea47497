/** How the help of every command looks: a sentence, examples, then arguments and options, then where to read more. */
import type { Command } from 'commander';

/** What a command says of itself. */
export interface CommandText {
  /** Begins with a verb; short enough for a line of the list of commands, and without a full stop. */
  readonly summary: string;
  /** What the summary leaves out, in whole sentences. */
  readonly details?: string;
  /** Lines that can be pasted into a shell. */
  readonly examples: readonly string[];
  /** The heading of `docs/operations.md`, as links write it. */
  readonly section: string;
}

/** As the application finds it that has installed the package. */
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
