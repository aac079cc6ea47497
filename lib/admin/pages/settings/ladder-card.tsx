/** The ladder of one dimension. */
import type { VNode } from 'preact';
import { DEVICE, DEVICES, SECOND_FACTOR } from '../../../subject/own-dimensions.js';
import { LockTimes } from '../../charts/lock-times.js';
import { HostileText } from '../../view/hostile-text.js';
import { dimensionText } from '../../view/subject-link.js';
import { Term } from '../../view/term.js';
import { countText } from '../../view/words.js';
import type { LadderFacts } from './ladders.js';
import { durationText } from './option-texts.js';

const FORGIVES = {
  true: 'those from the same place',
  all: 'all of them',
  false: 'none',
} as const;

export function LadderCard({ ladder, index }: { readonly ladder: LadderFacts; readonly index: number }): VNode {
  const { dimension, policy } = ladder;
  const id = `ladder-${index}`;
  return (
    <section class="card" aria-labelledby={id}>
      <div class="card-head">
        <h3 id={id}>
          <Title dimension={dimension} />
        </h3>
      </div>
      <div class="card-body stack">
        {policy === undefined ? (
          <p>
            The function <code>tiers</code> of this application fails for an attempt of which nothing is known.
          </p>
        ) : (
          <LockTimes id={`${id}-chart`} steps={stepsOf(policy)} />
        )}
        <dl class="terms">{termsOf(ladder).map(toTerm)}</dl>
      </div>
    </section>
  );
}

/** Of the dimensions that the lockout counts by itself, what they are. */
const OWN_TITLES = new Map([
  [DEVICE.name, 'Each known device of a username'],
  [DEVICES.name, 'All known devices of a username'],
  [SECOND_FACTOR.name, 'Second factor of a username'],
]);

function Title({ dimension }: Pick<LadderFacts, 'dimension'>): VNode {
  const own = OWN_TITLES.get(dimension);
  if (own !== undefined) return <>{own}</>;
  return (
    <>
      Each <HostileText text={dimensionText(dimension)} max={80} />
    </>
  );
}

function stepsOf({ tiers, hardStop }: NonNullable<LadderFacts['policy']>) {
  const steps = tiers.map(({ failures, cooloffMs }) => ({ failures, isInARow: false, lockMs: cooloffMs }));
  const last = { failures: hardStop?.failures ?? 0, isInARow: true, lockMs: Number.POSITIVE_INFINITY };
  return hardStop ? [...steps, last] : steps;
}

type Fact = readonly [term: string, text: string];

function termsOf({ policy, budget }: LadderFacts): readonly Fact[] {
  const terms: Fact[] = [];
  if (policy) {
    const from = policy.forgetFrom === 'first' ? 'the first' : 'the last';
    terms.push(
      ['Failures are forgotten', `${durationText(policy.forgetAfterMs)} after ${from}`],
      ['A success forgives', FORGIVES[`${policy.resetOnSuccess}`]],
    );
  }
  if (!budget) return terms;
  const { guesses, atOwnersPlace } = budget;
  terms.push(['Guesses of a patient attacker, a year', boundText(guesses)]);
  if (atOwnersPlace !== null) terms.push(['The same, at the place of the owner', boundText(atOwnersPlace)]);
  return terms;
}

function toTerm([term, text]: Fact): VNode {
  return (
    <Term key={term} term={term}>
      {text}
    </Term>
  );
}

function boundText(guesses: number): string {
  return guesses === Number.POSITIVE_INFINITY ? 'without a bound' : countText(guesses);
}
