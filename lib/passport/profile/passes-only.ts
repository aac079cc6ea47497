/** Strategies that judge no credentials, so that there is nothing to guess. */
import type { Members } from './profile.js';

/** Where a wrapper keeps the strategy's own method, which its own stands in front of. */
export const OWN_AUTHENTICATE = Symbol.for('passport-lockout.authenticate');

const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/.*/g;
/** Told by its text, which no bundler changes in that: any strategy may be called anonymous. */
const ONLY_PASSES = /^[^{]*\{\s*(?:return\s+|void\s+)?this\.pass\(\);?\s*\}$/;
const ENDS_OTHERWISE = /\b(?:success|fail|redirect)\b/;

/** @param strategy - one without a verify function */
export function passesOnly(strategy: Members): boolean {
  const own = (strategy as { readonly [OWN_AUTHENTICATE]?: unknown })[OWN_AUTHENTICATE] ?? strategy['authenticate'];
  const text = String(own).replace(COMMENTS, '');
  return ONLY_PASSES.test(text) || (restoresUser(strategy) && text.includes('.pass(') && !ENDS_OTHERWISE.test(text));
}

/** The session strategies of Passport and of @fastify/passport are given a function for that. */
function restoresUser(strategy: Members): boolean {
  return ['_deserializeUser', 'deserializeUser'].some((name) => typeof strategy[name] === 'function');
}
