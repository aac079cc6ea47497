/** What the ends of one call come to: each guess is judged once, and nothing is told before that is written. */
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
  /** What the verdicts came to, until it is told. */
  settled: Awaitable<Settled> | undefined;
  /** How it was last told that a guess is wrong. */
  lastFailure: End | undefined;
}

/** What an end says of a guess. */
export interface Decision {
  /** What is to be told: the end itself, or what isFailure has thrown. */
  readonly told: End;
  /** Null if it says nothing more of the guess, which was given back. */
  readonly verdict: Verdict | null;
}

/** Decides and settles; returns what is to be told. */
export function judge(judgement: Judgement, end: End, guess: HeldGuess | undefined): End {
  if (!guess?.state.isPending) return end;
  const { told, verdict } = decide(judgement, end, guess);
  if (verdict !== null) settle(judgement, guess, verdict);
  return told;
}

/** @param guess - one that was not judged yet */
export function decide(judgement: Judgement, end: End, guess: HeldGuess): Decision {
  const { parts, req } = judgement;
  let told = end;
  let verdict: Verdict = 'release';
  try {
    verdict = verdictOf(parts, end, req, guess.isWrong);
  } catch (error) {
    told = { name: 'error', args: [error] };
  }
  // Nothing more is said of what was given back.
  if (verdict === 'release' && guess.state === GIVEN_BACK) return { told, verdict: null };
  // A no of verify is no error, even where the strategy makes one of it.
  const isMadeError = told.name === 'error' && guess.answer === 'no' && verdict === 'failure';
  const seen = isMadeError ? guess.asNo : told;
  noticeVerdict(parts, seen, verdict, guess.ticket.attempt);
  if (verdict === 'failure') judgement.lastFailure = seen;
  return { told, verdict };
}

/** Once; slots that were given back are taken anew. */
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
