/** Turns the ends of one call into verdicts: each guess is judged once, and nothing is passed on before that is written. */
import { isRefusal, type Settled, type Ticket } from '../../attempt/ticket.js';
import type { Verdict } from '../../policy/state.js';
import type { LockoutRequest } from '../../subject/attempt.js';
import { type Awaitable, chain } from '../../util/awaitable.js';
import type { GuardParts } from '../guard-parts.js';
import { noticeVerdict } from '../notices.js';
import { type End, verdictOf } from '../verdict.js';
import { GIVEN_BACK, type GuessState, type HeldGuess, JUDGED, RELEASED } from './held-guess.js';

/** One call, as far as it has been judged. */
export interface Judgement {
  readonly parts: GuardParts;
  readonly req: LockoutRequest;
  /** The result of the verdicts, until it is passed on. */
  settled: Awaitable<Settled> | undefined;
  /** The last end that reported a wrong guess. */
  lastFailure: End | undefined;
}

/** What an end reveals about a guess. */
export interface Decision {
  /** The end to pass on: the original one, or what isFailure has thrown. */
  readonly told: End;
  /** Null if it adds nothing about the guess, which was given back. */
  readonly verdict: Verdict | null;
}

/** Decides and settles; returns the end to pass on. */
export function judge(judgement: Judgement, end: End, guess: HeldGuess | undefined): End {
  if (!guess?.state.isPending) return end;
  const { told, verdict } = decide(judgement, end, guess);
  if (verdict !== null) settle(judgement, guess, verdict);
  return told;
}

/** @param guess - not judged yet */
export function decide(judgement: Judgement, end: End, guess: HeldGuess): Decision {
  const { parts, req } = judgement;
  let told = end;
  let verdict: Verdict = 'release';
  try {
    verdict = verdictOf(parts, end, req, guess.isWrong);
  } catch (error) {
    told = { name: 'error', args: [error] };
  }
  // A guess that was given back is not released again.
  if (verdict === 'release' && guess.state === GIVEN_BACK) return { told, verdict: null };
  // A no of verify is not an error, even if the strategy turns it into one.
  const isMadeError = told.name === 'error' && guess.answer === 'no' && verdict === 'failure';
  const seen = isMadeError ? guess.asNo : told;
  noticeVerdict(parts, seen, verdict, guess.ticket.attempt);
  if (verdict === 'failure') judgement.lastFailure = seen;
  return { told, verdict };
}

/** Settles a guess once; slots that were given back are taken anew. */
export function settle(judgement: Judgement, guess: HeldGuess, verdict: Verdict, released?: GuessState): void {
  const { engine, rules } = judgement.parts;
  const { ticket, state } = guess;
  guess.state = verdict === 'release' ? (released ?? (guess.isAnswered ? RELEASED : GIVEN_BACK)) : JUDGED;
  const settled = state.isOpen
    ? engine.flow.settle(ticket, verdict, rules.resetOnSuccess)
    : settleAnew(judgement.parts, ticket, verdict);
  const before = judgement.settled;
  judgement.settled =
    before === undefined ? settled : chain(before, (one) => chain(settled, (other) => join(one, other)));
}

function settleAnew({ engine, rules }: GuardParts, { attempt, memory }: Ticket, verdict: Verdict): Awaitable<Settled> {
  const { flow } = engine;
  return chain(flow.begin(attempt, memory.guess), (admission) =>
    isRefusal(admission)
      ? { refusal: admission, attemptsLeft: null }
      : flow.settle(admission, verdict, rules.resetOnSuccess),
  );
}

function join(before: Settled, last: Settled): Settled {
  return { refusal: before.refusal ?? last.refusal, attemptsLeft: last.attemptsLeft ?? before.attemptsLeft };
}
