import type { VNode } from 'preact';
import { shareText } from './words.js';

/** A share as a bar and as words. */
export function Meter({ part, whole }: { readonly part: number; readonly whole: number }): VNode {
  const percent = whole > 0 ? Math.min(100, Math.max(0, (100 * part) / whole)) : 0;
  return (
    <>
      <svg class="meter" aria-hidden="true">
        <rect width={`${percent.toFixed(1)}%`} height="100%" rx="3" />
      </svg>
      {shareText(part, whole)}
    </>
  );
}
