// biome-ignore-all lint/style/noDefaultExport: these packages have nothing else
/** Strategy packages that come without types, as far as the specs and examples use them. */
declare module 'passport-http' {
  export const BasicStrategy: import('./differential.js').StrategyConstructor;
  export const DigestStrategy: import('./differential.js').StrategyConstructor;
}
declare module 'passport-http-bearer' {
  export const Strategy: import('./differential.js').StrategyConstructor;
}
declare module 'passport-jwt' {
  export const Strategy: import('./differential.js').StrategyConstructor;
  export const ExtractJwt: { fromAuthHeaderAsBearerToken(): (req: unknown) => string | null };
}
declare module 'passport-totp' {
  export const Strategy: import('./differential.js').StrategyConstructor;
}
declare module 'passport-2fa-totp' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'passport-oauth2-client-password' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'passport-oauth2' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'passport-localapikey' {
  export const Strategy: import('./differential.js').StrategyConstructor;
}
declare module 'passport-remember-me' {
  export const Strategy: import('./differential.js').StrategyConstructor;
}
declare module 'passport-openidconnect' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'passport-fido2-webauthn' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'passport-google-oauth20' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'passport-github2' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'passport-auth0' {
  const Strategy: import('./differential.js').StrategyConstructor;
  export default Strategy;
}
declare module 'express4' {
  const express: typeof import('express')['default'];
  export = express;
}
declare module 'koa-session' {
  const session: (options: { readonly signed: boolean }, app: import('koa')) => import('koa').Middleware;
  export = session;
}
