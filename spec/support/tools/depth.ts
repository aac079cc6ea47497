/** How much of what is long by nature this run does: `npm test` a slice of it, `npm run test:deep` all of it. */
export const IS_DEEP = process.env['SPEC_DEPTH'] === 'deep';

export function atDepth<T>({ quick, deep }: { readonly quick: T; readonly deep: T }): T {
  return IS_DEEP ? deep : quick;
}
