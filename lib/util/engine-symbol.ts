/** A registered symbol, so that a wrapper of the other module format, or another copy of this package, finds the engine too. */
export const ENGINE: unique symbol = Symbol.for('passport-lockout.engine') as never;

/** Whether it is a `Lockout`, whichever copy of this package has made it. */
export function hasEngine(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ENGINE in value;
}
