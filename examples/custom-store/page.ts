/** One page of a list: sorted, cut, and with the place where the next one begins. */
import { LockoutConfigError, type StoreOrder, type StorePage, type SubjectRecord } from 'passport-lockout';

/** The place of a record in an order. The end of a lock is a text, because JSON has no `Infinity`. */
interface Position {
  readonly order: StoreOrder;
  readonly end: string;
  readonly key: string;
}

export function pageOf(
  records: readonly SubjectRecord[],
  order: StoreOrder,
  after: Position | null,
  limit: number,
): StorePage {
  const sorted = records
    .map((record) => ({ record, position: positionOf(record, order) }))
    .filter(({ position }) => after === null || compare(position, after) > 0)
    .sort((a, b) => compare(a.position, b.position));
  const page = sorted.slice(0, limit);
  const last = sorted.length > limit ? page.at(-1) : undefined;
  return { records: page.map(({ record }) => record), cursor: last ? JSON.stringify(last.position) : null };
}

/** @throws {LockoutConfigError} for anything but a cursor of this order */
export function parseCursor(cursor: string, order: StoreOrder): Position {
  try {
    const position = JSON.parse(cursor);
    const isOurs = typeof position.key === 'string' && typeof position.end === 'string' && position.order === order;
    if (isOurs && !Number.isNaN(Number(position.end))) return position;
  } catch {
    // Not JSON, so it is no cursor of ours either.
  }
  throw new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', 'cursor: expected the cursor of the previous page');
}

function positionOf({ key, lock }: SubjectRecord, order: StoreOrder): Position {
  return { order, end: String(order === 'key' ? 0 : (lock?.lockedUntil ?? 0)), key };
}

function compare(a: Position, b: Position): number {
  const [endOfA, endOfB] = [Number(a.end), Number(b.end)];
  if (endOfA !== endOfB) return endOfA < endOfB ? -1 : 1;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}
