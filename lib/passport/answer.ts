/** Answers a refused attempt through Passport: the `onLocked` option. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Refusal, toHttpStatus, toLockedInfo, toLockedPage } from '../attempt/refusal.js';
import { RESPONSE_MISSING } from '../checks/runtime/findings.js';
import type { Engine } from '../engine.js';
import { LockoutRefusedError } from '../errors.js';
import { respondRefused, retryAfterHeaders, setRetryAfter } from '../http/respond.js';
import type { LockedInfo, OnLockedFunction } from '../options/answer-types.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { isThenable } from '../util/awaitable.js';
import { responseOf } from '../util/response-of.js';
import type { OnLockedRule } from './guard-parts.js';
import type { Action, ActionName } from './strategy-like.js';

/** Calls one of the actions that Passport gave the strategy. */
export type CallAction = (name: ActionName, ...args: Parameters<Action>) => void;

export interface RefusedAttempt {
  readonly refusal: Refusal;
  readonly req: LockoutRequest;
  /** Canonical; undefined if unknown. */
  readonly username: string | undefined;
  readonly onLocked: OnLockedRule;
}

export function answerRefusal(
  { options, answers, report }: Pick<Engine, 'options' | 'answers' | 'report'>,
  { refusal, req: given, username, onLocked }: RefusedAttempt,
  call: CallAction,
): void {
  const req = toLockoutRequest(given);
  const { retryAfterHeader, respondWith, messages } = options;
  const locale = messages.localeFor(req);
  const status = toHttpStatus(refusal, options);
  const info = toLockedInfo(refusal, locale, options);
  const { res } = req as { readonly res?: ServerResponse };
  setRetryAfter(res, info.retryAfter, retryAfterHeader);

  const responds = onLocked === 'respond' || typeof onLocked === 'object';
  if (responds && res && !res.headersSent) {
    const locked = toLockedPage(refusal, { username, locale }, options);
    respondRefused(req as IncomingMessage, res, { status, locked, retryAfterHeader, respondWith, messages });
    return;
  }
  if (responds && !res) report.onFinding(RESPONSE_MISSING);
  const otherwise = typeof onLocked === 'object' ? onLocked.respondElse : onLocked;
  if (typeof otherwise === 'function') {
    const isAnswered = callOnLocked(otherwise, { info, status, req }, call);
    answers.see(() => isAnswered() || hasBegunToAnswer(req));
  } else if (otherwise === 'error') {
    const headers = retryAfterHeaders(info.retryAfter, retryAfterHeader);
    call('error', new LockoutRefusedError(info.code, info.message, { status, ...info, headers, cause: info.cause }));
  } else {
    call('fail', options.info ? options.info(info, req) : info, status);
  }
}

/**
 * Calls the function. A rejection is answered like a throw, unless it has answered already; nobody else would catch it.
 *
 * @returns whether it has called an action so far
 */
function callOnLocked(
  onLocked: OnLockedFunction,
  { info, status, req }: { readonly info: LockedInfo; readonly status: number; readonly req: LockoutRequest },
  call: CallAction,
): () => boolean {
  let isAnswered = false;
  const answer: CallAction = (name, ...args) => {
    isAnswered = true;
    call(name, ...args);
  };
  const actions = {
    status,
    fail: (challenge?: unknown, code?: number) => answer('fail', challenge, code),
    error: (error: unknown) => answer('error', error),
    redirect: (url: string, code?: number) => answer('redirect', url, code),
  };
  const done: unknown = onLocked(info, actions, req);
  if (isThenable(done)) {
    done.then(undefined, (error: unknown) => {
      if (!isAnswered) actions.error(error);
    });
  }
  return () => isAnswered;
}

function hasBegunToAnswer(req: object): boolean {
  const response = responseOf(req);
  return Boolean(response?.headersSent) || Boolean(response?.writableEnded);
}
