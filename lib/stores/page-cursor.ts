/** The cursor of a store that finds its place again by the last record of a page, so it keeps nothing between two pages. */
import { wrongCursor } from '../validation/wrong-cursor.js';
import type { StoreOrder } from './store.js';

/** Where a page ended: its last record. */
export interface PagePosition {
  readonly key: string;
  /** As the store compares it, in milliseconds from 0 or `Infinity`; any number under the order by key. */
  readonly lockedUntil: number;
}

/** Says the order as well, so that a cursor is never taken for one of another order. */
const CURSOR = /^(?:key|lockedUntil:([^:]{1,30})):(.+)$/s;

export function toPageCursor({ key, lockedUntil }: PagePosition, order: StoreOrder): string {
  return order === 'key' ? `key:${key}` : `lockedUntil:${lockedUntil}:${key}`;
}

/** @throws {LockoutConfigError} for a cursor that was not made for this order */
export function parsePageCursor(cursor: string, order: StoreOrder): PagePosition {
  const [, end, key] = CURSOR.exec(cursor) ?? [];
  if (key === undefined || (end === undefined) !== (order === 'key')) throw wrongCursor(cursor);
  const lockedUntil = Number(end ?? 0);
  if (end !== undefined && (String(lockedUntil) !== end || !(lockedUntil >= 0))) throw wrongCursor(cursor);
  return { key, lockedUntil };
}
