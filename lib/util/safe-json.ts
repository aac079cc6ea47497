/** Values as JSON on one line that no character can break or reverse. */
import { replaceUnsafe } from './printable.js';

/** Returns JSON on one line; it means the same value, because unsafe characters can only be inside its strings. */
export function toSafeJson(value: unknown): string {
  return replaceUnsafe(JSON.stringify(value), (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
