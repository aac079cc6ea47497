/** Strategy packages that come without types, as far as the specs and examples use them. */
declare module 'passport-http' {
  export const BasicStrategy: new (verify: (...args: never[]) => void) => import('passport').Strategy;
}
declare module 'express4' {
  const express: typeof import('express')['default'];
  export = express;
}
declare module 'koa-session' {
  const session: (options: { readonly signed: boolean }, app: import('koa')) => import('koa').Middleware;
  export = session;
}
