/** Secrets of the options. Their values are never shown: see `SECRET_OPTIONS` of validate.ts. */
import { custom } from './fields.js';

const MIN_SECRET_CHARS = 32;
export const aSecret = `a secret of at least ${MIN_SECRET_CHARS} characters`;
export const isSecret = (value: unknown) => typeof value === 'string' && value.length >= MIN_SECRET_CHARS;
/** Of a list the first signs, and all are accepted. */
export const secrets = custom<string | readonly string[]>(`${aSecret}, or a list of such secrets`, (value) =>
  Array.isArray(value) ? value.length > 0 && value.every(isSecret) : isSecret(value),
);
