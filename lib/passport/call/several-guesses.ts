/** Judges several guesses that a strategy has made in one call by the way it ended. */
import { asked } from '../../util/asked.js';
import { isObject } from '../../util/is-object.js';
import type { End } from '../verdict.js';
import type { CallSlots } from './call-slots.js';
import type { HeldGuess } from './held-guess.js';
import { type Judgement, judge, settle } from './judgement.js';

/**
 * @param heard - the guess whose answer the strategy received when it ended, as far as can be observed
 * @returns the end to pass on: the original one, or what isFailure has thrown
 */
export function judgeSeveral(judgement: Judgement, end: End, slots: CallSlots, heard?: HeldGuess): End {
  const about = heard ?? slots.spokenOf;
  let told = end;
  const judgeOne = (its: End, one: HeldGuess) => {
    const result = judge(judgement, its, one);
    if (result !== its) told = result;
  };
  const pending = new Set(slots.takeAnswered());
  if (about?.state.isPending) pending.add(about);
  if (end.name !== 'success') {
    for (const one of pending) judgeOne(end, one);
    return told;
  }
  const [user] = end.args;
  const winner = winnerOf([...pending], about, slots, user);
  for (const one of pending) {
    if (one === winner) continue;
    // One of them was a login. A right guess costs whoever made others at the same name nothing; at another name they stay guesses,
    // otherwise an attacker's own account would pay for them.
    if (winner && one.answer === 'yes' && (haveOneName([one, winner]) || gave(one, user)))
      settle(judgement, one, 'release');
    else judgeOne(one.asNo, one);
  }
  if (winner?.state.isPending) judgeOne(end, winner);
  return told;
}

/**
 * Returns the guess that succeeded, which may have been judged already; undefined if in doubt, since it would forgive failures at a
 * name nobody has logged in to.
 */
function winnerOf(
  pending: readonly HeldGuess[],
  about: HeldGuess | undefined,
  { all, haveSeveralNames }: CallSlots,
  user: unknown,
): HeldGuess | undefined {
  const isUsers = (one: HeldGuess) => gave(one, user);
  const known = haveSeveralNames ? (pending.find(isUsers) ?? all.find(isUsers)) : undefined;
  if (known || !haveOneName(pending)) return known;
  return about?.state.isPending ? about : pending.at(-1);
}

/** Whether the user is what verify returned for the guess, or a member of it, as in `{ ok: true, user }`. */
function gave({ answer, said }: HeldGuess, user: unknown): boolean {
  if (answer !== 'yes') return false;
  if (said === user) return true;
  return isObject(user) && isObject(said) && (asked(() => Object.values(said).includes(user)) ?? false);
}

function haveOneName(guesses: readonly HeldGuess[]): boolean {
  return new Set(guesses.map(({ ticket }) => ticket.attempt.username)).size <= 1;
}
