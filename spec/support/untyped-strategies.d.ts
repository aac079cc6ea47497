/** Strategy packages that come without types, as far as the specs and examples use them. */
declare module 'passport-http' {
  export const BasicStrategy: new (verify: (...args: never[]) => void) => import('passport').Strategy;
}
