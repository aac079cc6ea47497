/** Instants in addresses and fields, and the ranges that are offered. All in UTC. */

export interface Range {
  readonly id: string;
  readonly text: string;
  readonly ms: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const RANGES: readonly Range[] = [
  { id: '15m', text: '15 min', ms: 15 * MINUTE_MS },
  { id: '1h', text: '1 hour', ms: HOUR_MS },
  { id: '24h', text: '24 hours', ms: DAY_MS },
  { id: '7d', text: '7 days', ms: 7 * DAY_MS },
];

/** As a `datetime-local` field sends it, or as links carry it. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z?$/;

/** @returns epoch milliseconds; undefined for anything else, such as the 31st of April */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const at = Date.parse(text.endsWith('Z') ? text : `${text}Z`);
  // Date.parse moves days that a month does not have into the next one.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 16) !== text.slice(0, 16) ? undefined : at;
}

/** As links carry it, in whole seconds if it is one. */
export function toInstantText(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString().replace('.000Z', 'Z');
}

/** As a `datetime-local` field shows it, to the second. */
export function toFieldText(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 19);
}

/** Where a range that ends now begins: a whole second, for short addresses. */
export function beginningOf({ ms }: Range, now: number): number {
  return Math.floor((now - ms) / 1000) * 1000;
}

/** Whether a range, chosen a moment ago, is still what its name says. */
export function isStill({ ms }: Range, since: number | undefined, now: number): boolean {
  return since !== undefined && Math.abs(now - since - ms) < MINUTE_MS;
}
