/** What the end of a strategy says of several guesses that it has made in one call. */
import type { End } from '../verdict.js';
import type { HeldGuess } from './held-guess.js';
import type { Judgement } from './judgement.js';

interface Guesses {
  /** Those that verify has said something of which is no verdict yet. */
  readonly answered: ReadonlySet<HeldGuess>;
  /** The one that the end speaks of, as far as can be seen. */
  readonly guess: HeldGuess | undefined;
}

/** @returns what is to be told: the end itself, or what isFailure has thrown */
export function judgeSeveral(judgement: Judgement, end: End, { answered, guess }: Guesses): End {
  let told = end;
  const judge = (its: End, one: HeldGuess) => {
    const result = judgement.judge(its, one);
    if (result !== its) told = result;
  };
  const all = new Set(answered);
  if (guess?.isPending) all.add(guess);
  if (end.name !== 'success') {
    for (const one of all) judge(end, one);
    return told;
  }
  const winner = winnerOf([...all], guess, end);
  for (const other of all) {
    if (other === winner) continue;
    // Somebody has logged in with one of them. A right guess takes nothing from whoever made others at the same name; at another
    // name they stay guesses, or an account of one's own would pay for them.
    if (winner && other.answer === 'yes' && haveOneName([other, winner])) judgement.settle(other, 'release');
    else judge(other.asNo, other);
  }
  if (winner) judge(end, winner);
  return told;
}

/** Whose success it is; undefined where that cannot be told, for it would forgive failures at a name that nobody has logged in to. */
function winnerOf(all: readonly HeldGuess[], guess: HeldGuess | undefined, { args }: End): HeldGuess | undefined {
  if (haveOneName(all)) return guess?.isPending ? guess : all.at(-1);
  return all.find(({ answer, said }) => answer === 'yes' && said === args[0]);
}

function haveOneName(guesses: readonly HeldGuess[]): boolean {
  return new Set(guesses.map(({ ticket }) => ticket.attempt.username)).size <= 1;
}
