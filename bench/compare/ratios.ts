/** Each contender against the rival, round by round: what the machine did meanwhile, it did to both. */
import { PLAIN, RIVAL } from './contender.js';
import type { Figure } from './measure.js';
import { type Spread, toSpread } from './spread.js';

export interface Ratio extends Omit<Figure, 'rounds'> {
  /** Undefined where in too few rounds the rival added anything to plain Passport. */
  readonly ratio: Spread | undefined;
}

/** In memory Passport itself is a large part of a login, so only what is added to it is compared. */
const OVER_PLAIN = new Set(['memory']);

/** The part of the rounds that must be comparable. */
const ENOUGH = 0.75;

export function toRatios(figures: readonly Figure[]): readonly Ratio[] {
  return figures.flatMap((figure) => {
    const { rounds, ...rest } = figure;
    const rival = sibling(figures, figure, RIVAL);
    if (figure.contender === PLAIN || figure.contender === RIVAL || !rival) return [];
    const floor = OVER_PLAIN.has(figure.store) ? sibling(figures, figure, PLAIN) : undefined;
    const above = (value: number | undefined, round: number) => (value ?? 0) - (floor?.rounds[round] ?? 0);
    // Where the machine paused during the floor, the rival seems to add less than nothing.
    const comparable = rounds.flatMap((value, round) => {
      const rivalAbove = above(rival.rounds[round], round);
      return rivalAbove > 0 ? [above(value, round) / rivalAbove] : [];
    });
    return [{ ...rest, ratio: comparable.length >= rounds.length * ENOUGH ? toSpread(comparable) : undefined }];
  });
}

function sibling(figures: readonly Figure[], of: Omit<Figure, 'rounds'>, contender: string): Figure | undefined {
  return figures.find(
    (other) =>
      other.contender === contender &&
      other.store === of.store &&
      other.measure === of.measure &&
      other.case === of.case,
  );
}
