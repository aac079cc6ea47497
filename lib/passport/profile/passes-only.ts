/** Detects strategies that judge no credentials, so there is nothing to guess. */
import type { Members } from './profile.js';

/** Key under which a wrapper keeps the strategy's own method, which the wrapper's shadows. */
export const OWN_AUTHENTICATE = Symbol.for('passport-lockout.authenticate');

const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/.*/g;
/**
 * Matches the source text, which bundlers leave intact in this respect; the name proves nothing, any strategy may be called
 * anonymous.
 */
const ONLY_PASSES = /^[^{]*\{\s*(?:return\s+|void\s+)?this\.pass\(\);?\s*\}$/;
const ENDS_OTHERWISE = /\b(?:success|fail|redirect)\b/;

/** @param strategy - without a verify function */
export function passesOnly(strategy: Members): boolean {
  const own = (strategy as { readonly [OWN_AUTHENTICATE]?: unknown })[OWN_AUTHENTICATE] ?? strategy['authenticate'];
  const text = String(own).replace(COMMENTS, '');
  return ONLY_PASSES.test(text) || (restoresUser(strategy) && text.includes('.pass(') && !ENDS_OTHERWISE.test(text));
}

/** The session strategies of Passport and of @fastify/passport take a function that restores the user. */
function restoresUser(strategy: Members): boolean {
  return ['_deserializeUser', 'deserializeUser'].some((name) => typeof strategy[name] === 'function');
}
