/** The end of an output, where a command explains why it failed. */
export function lastLines(output: string, lines = 15): string {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
