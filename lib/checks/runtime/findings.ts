/** What shows at run time only: that an attempt counts on no name or nowhere, or that the addresses seen are hardly those of the clients. */
import type { LockoutStoreError } from '../../errors.js';
import { rootCauseOf } from '../../util/causes.js';
import type { Found } from '../finding.js';

export const IP_MISSING: Found = {
  code: 'WARN_LOCKOUT_IP_MISSING',
  message: 'a request has no valid address, so its failures count on no address; set the clientIp option',
  option: 'clientIp',
};

export const IP_UNTOLD: Found = {
  code: 'WARN_LOCKOUT_IP_MISSING',
  message:
    'the clientIp option gave no valid address of a request, so its failures count on no address; see what it reads of the request',
  option: 'clientIp',
};

/** `protect` without a request: there is nothing that `clientIp` could be asked of. */
export const IP_NOT_GIVEN: Found = {
  code: 'WARN_LOCKOUT_IP_MISSING',
  message: 'protect was given no request and no valid address, so failures count on no address; pass it req or ip',
};

export const MEMORY_FULL: Found = {
  code: 'WARN_LOCKOUT_MEMORY_FULL',
  message:
    'the memory store is full of subjects that are locked or being verified, so that new ones are refused; raise maxSubjects, ' +
    'or set the store option to a store that is not bounded by memory',
  option: 'store',
};

export const REFUSAL_UNANSWERED: Found = {
  code: 'WARN_LOCKOUT_REFUSAL_UNANSWERED',
  message:
    'the onLocked function has answered a refusal with nothing for ten seconds, so that the client waits; let it call fail, error or ' +
    'redirect, or end the response, in each of its branches',
  option: 'onLocked',
};

export const RESPONSE_MISSING: Found = {
  code: 'WARN_LOCKOUT_RESPONSE_MISSING',
  message:
    "onLocked is 'respond', but the request shows no response (req.res), as in Fastify, so that refusals are answered otherwise: as " +
    "with 'fail', in Nest and in a class of lockoutMixin as with 'error'; choose one of these, or a function",
  option: 'onLocked',
};

/** Of one outage. It is told, and nothing that a configuration could mend. */
export function storeFailed(error: LockoutStoreError): Found & { readonly cause: LockoutStoreError } {
  const root = rootCauseOf(error);
  return {
    code: 'WARN_LOCKOUT_STORE_FAILED',
    message:
      `${error.message}${root === undefined ? '' : `: ${root}`}; until it answers again onStoreError decides what becomes of ` +
      'logins; listen to store_error to be told of each failure',
    option: 'store',
    cause: error,
  };
}

export const ONE_PRIVATE_ADDRESS: Found = {
  code: 'WARN_LOCKOUT_ONE_PRIVATE_ADDRESS',
  message:
    'all clients show the same private address, probably that of a proxy, so that failures of anybody lock everybody; ' +
    'tell the framework to trust the proxy, or set the clientIp option',
  option: 'clientIp',
};

export const FORWARDED_FOR_IGNORED: Found = {
  code: 'WARN_LOCKOUT_FORWARDED_FOR_IGNORED',
  message:
    'a request has the header X-Forwarded-For, but no proxy is trusted, so the address of the connection counts; behind a ' +
    'proxy tell the framework to trust it, or set the clientIp option; without one a client has made it up',
  option: 'clientIp',
};

export const EVERY_PROXY_TRUSTED: Found = {
  code: 'WARN_LOCKOUT_EVERY_PROXY_TRUSTED',
  message:
    'the framework believes X-Forwarded-For whoever sends it, so each client chooses its address; trust the addresses of ' +
    'your proxies only, or set the clientIp option',
  option: 'clientIp',
};

const GUARD_WHOLE =
  "pass { guard: 'authenticate' } as its strategy option, with { username: ({ req }) => ... } or { ipOnly: true }";

/** @param strategy - its name */
export function successBypassed(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_VERIFY_BYPASSED',
    message: `a success of the strategy "${strategy}" came past the guard of its verify function, so that nobody is ever refused there; ${GUARD_WHOLE}`,
    option: 'guard',
  };
}

/** @param strategy - the name of one whose class was mixed */
export function mixinPassedBy(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_VERIFY_BYPASSED',
    message:
      `a success of the strategy "${strategy}" came past the guard of its class, so that nobody is ever refused there; a child of ` +
      'what lockoutMixin made has an authenticate of its own: call super.authenticate in it, or mix the lockout in last',
  };
}

/** @param strategy - its name */
export function judgedBeforeVerify(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_VERIFY_BYPASSED',
    message:
      `the strategy "${strategy}" has ended attempts with a username and a password, one after the other, before it called its ` +
      `verify function, and what it judges there is not counted; ${GUARD_WHOLE}`,
    option: 'guard',
  };
}

/** The attempt has no part of any dimension. Also an empty username has none; one such is no fault. */
export const NO_SUBJECT: Found = {
  code: 'WARN_LOCKOUT_NOTHING_COUNTED',
  message:
    'an attempt had no username, and every counted dimension contains it, so that it was counted nowhere; set the option ' +
    "username, or count 'ip' as well",
  option: 'username',
};

/** @param strategy - its name, or that of what `protect` guards */
export function onlyErrors(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_ONLY_ERRORS',
    message:
      `attempts by "${strategy}" end in errors that are not counted, and nobody is told wrong in a way that is; if they say ` +
      "that the password is wrong, let isFailure tell them: { isFailure: ({ called, args: [error] }) => (called === 'error' && " +
      'error instanceof WrongPassword) || undefined } for a strategy, { isFailure: ({ error }) => error instanceof ' +
      'WrongPassword || undefined } for protect; if they were an outage, there is nothing to do',
    option: 'isFailure',
  };
}

/** @param strategy - its name, or that of what `protect` guards */
export function onlyErrorsLocked(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_ONLY_ERRORS',
    message:
      `errors of "${strategy}" have locked several names in a row, and nobody has succeeded between them; if a server that it ` +
      'asks answers so to everybody, throw its errors as they are, or without a status, or let isFailure say false of them; ' +
      'if they say that a password is wrong, somebody is guessing',
    option: 'isFailure',
  };
}

/** @param strategy - its name, or that of what `protect` guards */
export function neverEnded(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_NEVER_ENDED',
    message:
      `an attempt by "${strategy}" was never ended: its verify function has answered the request itself, or never came back; ` +
      'let it call done, or settle its promise, whatever happens, and give what it waits for a time limit',
  };
}

/** @param strategy - its name, or that of what `protect` guards */
export function usernameUntold(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_USERNAME_UNKNOWN',
    message:
      `ten attempts by "${strategy}" in a row had no username, so that they counted on none: what should tell it (the option ` +
      'username or canonicalUsername, or the username that protect is given) gave nothing; see whether it reads what clients ' +
      'send; if they may leave it out, there is nothing to do',
    option: 'username',
  };
}

/** @param strategy - its name */
export function usernameUnknown(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_USERNAME_UNKNOWN',
    message:
      `who tries to log in by the strategy "${strategy}" cannot be told from what it gives its verify function, so that its ` +
      'failures count on no username; pass { username: ({ req, args }) => ... } as its strategy option, or ' +
      '{ ipOnly: true } where it knows no usernames',
    option: 'username',
  };
}
