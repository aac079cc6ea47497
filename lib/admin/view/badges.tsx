/** States as words with a shape, so that none depends on its colour. */
import type { VNode } from 'preact';
import type { AttemptOutcome } from '../../stores/attempt-log.js';
import { HostileText } from './hostile-text.js';
import { Icon, type IconName } from './icon.js';
import type { LockInfo } from './subject-ref.js';
import { countOf } from './words.js';

const OUTCOMES: Readonly<Record<AttemptOutcome, readonly [word: string, icon: IconName]>> = {
  succeeded: ['Succeeded', 'check'],
  failed: ['Failed', 'cross'],
  refused: ['Refused', 'refused'],
  logout: ['Logged out', 'out'],
};

export function OutcomeBadge({
  outcome,
  count = 1,
}: {
  readonly outcome: AttemptOutcome;
  readonly count?: number;
}): VNode {
  const [word, icon] = OUTCOMES[outcome];
  return (
    <span class={`badge ${outcome}`}>
      <Icon name={icon} />
      {count > 1 ? `${word} ${countOf(count, 'time')}` : word}
    </span>
  );
}

/** "Locked" or "Blocked by an operator". */
export function LockBadge({ cause }: Pick<LockInfo, 'cause'>): VNode {
  return (
    <span class="badge locked">
      <Icon name="lock" />
      {cause === 'operator' ? 'Blocked by an operator' : 'Locked'}
    </span>
  );
}

const DOT_GAP = 11;
const MAX_DOTS = 8;

/** The step of the ladder that locked, as dots and as words: "tier 2 of 3". Nothing for a lock that no tier set. */
export function TierDots({ tier, tiers }: Pick<LockInfo, 'tier' | 'tiers'>): VNode | null {
  if (tier === null) return null;
  if (tiers === null || tiers <= tier) return <span class="tier">tier {tier + 1}</span>;
  const dots = Array.from({ length: tiers }, (_, index) => index);
  const width = tiers * DOT_GAP - 3;
  return (
    <span class="tier">
      {tiers > MAX_DOTS ? null : (
        <svg width={width} height="8" viewBox={`0 0 ${width} 8`} aria-hidden="true">
          {dots.map((index) => (
            <circle key={index} class={index <= tier ? 'on' : undefined} cx={index * DOT_GAP + 4} cy="4" r="3.5" />
          ))}
        </svg>
      )}
      tier {tier + 1} of {tiers}
    </span>
  );
}

/** Why a subject is locked: "10 failures", "100 failures in a row", or "blocked by ops@example.com: reason". */
export function CauseText({ cause, limit, by, reason }: Pick<LockInfo, 'cause' | 'limit' | 'by' | 'reason'>): VNode {
  if (cause === 'operator') {
    return (
      <span>
        blocked by {by === null ? 'an operator' : <HostileText text={by} max={80} />}
        {reason === null ? null : (
          <>
            : <HostileText text={reason} max={160} />
          </>
        )}
      </span>
    );
  }
  if (cause === null || limit === null) return <span>too many failures</span>;
  return <span>{cause === 'hardStop' ? `${countOf(limit, 'failure')} in a row` : countOf(limit, 'failure')}</span>;
}
