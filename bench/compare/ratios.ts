/** Each contender against the rival, round by round: what the machine did meanwhile, it did to both. */
import { PLAIN, RIVAL } from './contender.js';
import type { Figure } from './measure.js';
import { type Spread, toSpread } from './spread.js';

export interface Ratio extends Omit<Figure, 'rounds'> {
  /** Undefined where the rival adds nothing to plain Passport. */
  readonly ratio: Spread | undefined;
}

/** In memory Passport itself is a large part of a login, so only what is added to it is compared. */
const OVER_PLAIN = new Set(['memory']);

export function toRatios(figures: readonly Figure[]): readonly Ratio[] {
  return figures.flatMap((figure) => {
    const { rounds, ...rest } = figure;
    const rival = sibling(figures, figure, RIVAL);
    if (figure.contender === PLAIN || figure.contender === RIVAL || !rival) return [];
    const floor = OVER_PLAIN.has(figure.store) ? sibling(figures, figure, PLAIN) : undefined;
    const above = (value: number | undefined, round: number) => (value ?? 0) - (floor?.rounds[round] ?? 0);
    const values = rounds.map((value, round) => above(value, round) / above(rival.rounds[round], round));
    const isComparable = rival.rounds.every((value, round) => above(value, round) > 0);
    return [{ ...rest, ratio: isComparable ? toSpread(values) : undefined }];
  });
}

export function sibling(figures: readonly Figure[], of: Omit<Figure, 'rounds'>, contender: string): Figure | undefined {
  return figures.find(
    (other) =>
      other.contender === contender &&
      other.store === of.store &&
      other.measure === of.measure &&
      other.case === of.case,
  );
}
