/** Findings that only logins reveal, such as attempts that count nowhere, or addresses that can hardly be those of the clients. */
import type { LockoutStoreError } from '../../errors.js';
import { rootCauseOf } from '../../util/causes.js';
import type { Found } from '../finding.js';

export const IP_MISSING: Found = {
  code: 'WARN_LOCKOUT_IP_MISSING',
  message: 'a request has no valid address, so its failures count for no address; set the clientIp option',
  option: 'clientIp',
};

export const IP_UNTOLD: Found = {
  code: 'WARN_LOCKOUT_IP_MISSING',
  message:
    'the clientIp option returned no valid address for a request, so its failures count for no address; see what it reads from the request',
  option: 'clientIp',
};

/** For `protect` without a request: there is nothing to call `clientIp` with. */
export const IP_NOT_GIVEN: Found = {
  code: 'WARN_LOCKOUT_IP_MISSING',
  message: 'protect was given no request and no valid address, so failures count for no address; pass it req or ip',
};

export const MEMORY_FULL: Found = {
  code: 'WARN_LOCKOUT_MEMORY_FULL',
  message:
    'the memory store is full of subjects that are locked or being verified, or have revoked devices, so new ones are refused; ' +
    'raise maxSubjects, or set the store option to a store that is not bounded by memory',
  option: 'store',
};

export const REFUSAL_UNANSWERED: Found = {
  code: 'WARN_LOCKOUT_REFUSAL_UNANSWERED',
  message:
    'the onLocked function has left a refusal unanswered for ten seconds, so the client waits; call fail, error or redirect, ' +
    'or end the response, in each of its branches',
  option: 'onLocked',
};

export const RESPONSE_MISSING: Found = {
  code: 'WARN_LOCKOUT_RESPONSE_MISSING',
  message:
    "onLocked is 'respond', but the request has no response (req.res), as in Fastify, so refusals are answered as with 'fail', " +
    "or in Nest and in a class of lockoutMixin as with 'error'; choose one of these, or a function",
  option: 'onLocked',
};

/** Returns the warning about one outage, which no configuration can fix. */
export function storeFailed(error: LockoutStoreError): Found & { readonly cause: LockoutStoreError } {
  const root = rootCauseOf(error);
  return {
    code: 'WARN_LOCKOUT_STORE_FAILED',
    message:
      `${error.message}${root === undefined ? '' : `: ${root}`}; until it answers again, onStoreError decides what happens to ` +
      'logins; listen for store_error to get each failure',
    option: 'store',
    cause: error,
  };
}

export const ONE_PRIVATE_ADDRESS: Found = {
  code: 'WARN_LOCKOUT_ONE_PRIVATE_ADDRESS',
  message:
    "all clients have the same private address, probably that of a proxy, so anyone's failures lock everyone out; " +
    'tell the framework to trust the proxy, or set the clientIp option',
  option: 'clientIp',
};

export const FORWARDED_FOR_IGNORED: Found = {
  code: 'WARN_LOCKOUT_FORWARDED_FOR_IGNORED',
  message:
    'a request has the header X-Forwarded-For, but no proxy is trusted, so the address of the connection counts; if there is a ' +
    'proxy, tell the framework to trust it, or set the clientIp option; if there is none, a client forged the header',
  option: 'clientIp',
};

export const EVERY_PROXY_TRUSTED: Found = {
  code: 'WARN_LOCKOUT_EVERY_PROXY_TRUSTED',
  message:
    'the framework believes X-Forwarded-For no matter who sends it, so each client chooses its address; trust only the ' +
    'addresses of your proxies, or set the clientIp option',
  option: 'clientIp',
};

const GUARD_WHOLE =
  "pass { guard: 'authenticate' } as its strategy option, with { username: ({ req }) => ... } or { ipOnly: true }";

/** @param strategy - its name */
export function successBypassed(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_VERIFY_BYPASSED',
    message: `a success of the strategy "${strategy}" bypassed the guard of its verify function, so nobody is ever refused there; ${GUARD_WHOLE}`,
    option: 'guard',
  };
}

/** @param strategy - the name of a strategy whose class was made with `lockoutMixin` */
export function mixinPassedBy(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_VERIFY_BYPASSED',
    message:
      `a success of the strategy "${strategy}" bypassed the guard of its class, so nobody is ever refused there; a subclass of ` +
      'what lockoutMixin returned overrides authenticate: call super.authenticate in it, or mix the lockout in last',
  };
}

/** @param strategy - its name */
export function judgedBeforeVerify(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_VERIFY_BYPASSED',
    message:
      `the strategy "${strategy}" has ended several attempts in a row that had a username and a password before it called its ` +
      `verify function, and what it decides there is not counted; ${GUARD_WHOLE}`,
    option: 'guard',
  };
}

/** The attempt belongs to no dimension. So does one with an empty username, which alone is no fault. */
export const NO_SUBJECT: Found = {
  code: 'WARN_LOCKOUT_NOTHING_COUNTED',
  message:
    'an attempt had no username, and every counted dimension contains it, so it was counted nowhere; set the option ' +
    "username, or count 'ip' as well",
  option: 'username',
};

/** @param strategy - its name, or the `action` given to `protect` */
export function onlyErrors(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_ONLY_ERRORS',
    message:
      `attempts by "${strategy}" end in errors that are not counted, and none has failed in a way that is; if the errors mean ` +
      "a wrong password, recognize them in isFailure: { isFailure: ({ called, args: [error] }) => (called === 'error' && " +
      'error instanceof WrongPassword) || undefined } for a strategy, { isFailure: ({ error }) => error instanceof ' +
      'WrongPassword || undefined } for protect; if they were an outage, there is nothing to do',
    option: 'isFailure',
  };
}

/** @param strategy - its name, or the `action` given to `protect` */
export function onlyErrorsLocked(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_ONLY_ERRORS',
    message:
      `errors of "${strategy}" have locked several names in a row, and nobody has succeeded in between; if a server that it ` +
      'calls answers everyone like this, throw its errors as they are, or without a status, or return false for them in ' +
      'isFailure; if they mean wrong passwords, somebody is guessing',
    option: 'isFailure',
  };
}

/** @param strategy - its name, or the `action` given to `protect` */
export function neverEnded(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_NEVER_ENDED',
    message:
      `an attempt by "${strategy}" was never ended: its verify function answered the request itself, or never returned; ` +
      'call done, or settle the promise, whatever happens, and set a time limit on whatever it waits for',
  };
}

/** @param strategy - its name, or the `action` given to `protect` */
export function usernameUntold(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_USERNAME_UNKNOWN',
    message:
      `ten attempts by "${strategy}" in a row had no username, so they counted for none: its source (the option username or ` +
      'canonicalUsername, or the username passed to protect) gave nothing; see whether it reads what clients send; if they may ' +
      'leave the username out, there is nothing to do',
    option: 'username',
  };
}

/** @param strategy - its name */
export function usernameUnknown(strategy: string): Found {
  return {
    code: 'WARN_LOCKOUT_USERNAME_UNKNOWN',
    message:
      `what the strategy "${strategy}" passes to its verify function does not show who tries to log in, so its failures count ` +
      'for no username; pass { username: ({ req, args }) => ... } as its strategy option, or { ipOnly: true } if it has no ' +
      'usernames',
    option: 'username',
  };
}

/** The function `write` of the options, or a stand-in for a response, has thrown. */
export function deviceUntrusted(cause: unknown): Found & { readonly cause: unknown } {
  return {
    code: 'WARN_LOCKOUT_DEVICE_COOKIE_UNSET',
    message:
      'a device could not be given its token after a login, so it stays unknown; see the cause, probably knownDevices.write',
    option: 'knownDevices',
    cause,
  };
}
