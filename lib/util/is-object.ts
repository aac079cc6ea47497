/** What has members of its own; not a function. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
