/** Values as text of one line that nothing can turn round or break. */
import { replaceUnsafe } from './printable.js';

/** On one line; the same value, since only inside its texts can there be such characters. */
export function toSafeJson(value: unknown): string {
  return replaceUnsafe(JSON.stringify(value), (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
