/** Texts that clients choose, fit for logs. */

/** For a name, an address, a user agent. */
export const MAX_NAME_CHARS = 256;
export const MAX_PATH_CHARS = 512;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they would let a client write into terminals and log files
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
const PLAIN = /^[\u0020-\u007e]*$/;

/** Cut, control characters replaced, no half characters. */
export function clean(text: string, maxChars: number): string {
  if (text.length <= maxChars && PLAIN.test(text)) return text;
  return text.slice(0, maxChars).replace(CONTROL, '\ufffd').toWellFormed();
}
