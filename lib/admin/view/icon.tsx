/** Small line drawings. Each stands beside a word, so screen readers skip it. */
import type { VNode } from 'preact';

const PATHS = {
  shield: 'M8 1.8 13.2 4v4c0 3-2.2 5.2-5.2 6.3C5 13.2 2.8 11 2.8 8V4z',
  user: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 13.7a5.2 5.2 0 0 1 10.4 0',
  address: 'M8 14s4.7-3.9 4.7-7.6a4.7 4.7 0 0 0-9.4 0C3.3 10.1 8 14 8 14ZM8 8a1.6 1.6 0 1 0 0-3.2A1.6 1.6 0 0 0 8 8Z',
  network: 'M8 2.5v3M8 8.5H3.5V11M8 5.5V11M8 8.5h4.5V11M6.5 1.5h3v3h-3zM2 11h3v3H2zM6.5 11h3v3h-3zM11 11h3v3h-3z',
  both: 'M6.7 9.3a2.7 2.7 0 0 0 3.9 0l2.3-2.3a2.8 2.8 0 0 0-3.9-3.9L8.3 3.8M9.3 6.7a2.7 2.7 0 0 0-3.9 0L3.1 9A2.8 2.8 0 0 0 7 12.9l.7-.7',
  tag: 'M2.5 2.5h5l6 6-5 5-6-6zM5.5 5.5h.01',
  check: 'm3.5 8.5 3 3 6-7',
  cross: 'm4.5 4.5 7 7m0-7-7 7',
  refused: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM5 8h6',
  lock: 'M4 7.2h8v6H4zM5.5 7.2V5a2.5 2.5 0 0 1 5 0v2.2',
  out: 'M6.5 2.5h-4v11h4M6.5 8h7m-2.5-2.5L13.5 8 11 10.5',
  alert: 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.01',
  pulse: 'M1.5 8h3l2-5 3 10 2-5h3',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  plus: 'M8 3v10M3 8h10',
  history: 'M2.7 8a5.4 5.4 0 1 0 1.7-3.9L2.7 5.7m0-3v3h3M8 5v3.2l2 1.3',
  settings: 'M2.5 5h6m3 0h2M2.5 11h2m3 0h6M10 3.5v3M6 9.5v3',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A map, because a counted function may be named `toString`. */
const OF_DIMENSION = new Map<string, IconName>([
  ['username', 'user'],
  ['ip', 'address'],
  ['network', 'network'],
]);

export function iconOfDimension(dimension: string): IconName {
  return OF_DIMENSION.get(dimension) ?? (dimension.includes('+') ? 'both' : 'tag');
}
