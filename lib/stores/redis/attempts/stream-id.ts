/** Ids of entries: those of the stream, in a form that sorts as text and that a cursor takes. */

/** Digits to base 36: of the milliseconds until the year 5188, and of the number within one. */
const MS_DIGITS = 9;
const NUMBER_DIGITS = 7;
const STREAM_ID = /^(\d+)-(\d+)$/;
const ENTRY_ID = new RegExp(`^([0-9a-z]{${MS_DIGITS}})([0-9a-z]{${NUMBER_DIGITS}})$`);

export function toEntryId(streamId: string): string {
  const [, ms, number] = STREAM_ID.exec(streamId) ?? [];
  return digits(ms, MS_DIGITS) + digits(number, NUMBER_DIGITS);
}

/** Returns the id in the stream; '' for an id of another log: a cursor comes from outside. */
export function toStreamId(entryId: string): string {
  const [, ms, number] = ENTRY_ID.exec(entryId) ?? [];
  return ms === undefined ? '' : `${Number.parseInt(ms, 36)}-${Number.parseInt(String(number), 36)}`;
}

/** Returns when the entry was written. */
export function writtenAt(streamId: string): number {
  return Number.parseInt(streamId, 10);
}

function digits(text: string | undefined, length: number): string {
  return Number(text).toString(36).padStart(length, '0');
}
