/** Instants and lengths of time. The server renders UTC and says so; the script rewrites to the viewer's zone. */
import type { VNode } from 'preact';
import { clockText, relativeText, spanText, utcText } from './words.js';

export interface TimeTextProps {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly now: number;
  /**
   * `relative`: "5 m ago"; `absolute`: "2026-11-26 14:03:22 UTC"; `both`; `clock`: "14:03 UTC".
   * @default 'relative'
   */
  readonly show?: 'relative' | 'absolute' | 'both' | 'clock';
}

export function TimeText({ at, now, show = 'relative' }: TimeTextProps): VNode {
  const absolute = utcText(at);
  const texts = {
    relative: relativeText(at, now),
    absolute,
    both: `${relativeText(at, now)} (${absolute})`,
    clock: `${clockText(at)} UTC`,
  };
  return (
    <time datetime={new Date(at).toISOString()} title={absolute} data-show={show}>
      {texts[show]}
    </time>
  );
}

/** When a lock ends: "ends in 1 h 48 m", or "until reset". */
export function Remaining({ until, now }: { readonly until: number | null; readonly now: number }): VNode {
  if (until === null) return <span class="tight">until reset</span>;
  const text = until <= now ? 'has ended' : `ends in ${spanText(until - now)}`;
  return (
    <time class="tight" datetime={new Date(until).toISOString()} title={utcText(until)} data-show="remaining">
      {text}
    </time>
  );
}
