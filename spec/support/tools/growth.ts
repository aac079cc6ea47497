/** How the processor time of a reader grows with the length of a text. */
import { expect } from 'chai';
import { processorTime } from './processor-time.js';

export const MEGABYTE = 1_048_576;
/** Each sixteen times as long as the one before. */
const LENGTHS = [MEGABYTE / 256, MEGABYTE / 16, MEGABYTE] as const;
/** What so small a time is measured by is mostly chance. */
const LEAST_MS = 20;
/** In linear time sixteen, in quadratic time 256. */
const MOST = 100;

/**
 * @param unit - what the text is made of
 * @param end - what stands behind it, where a pattern that has gone so far fails
 */
export function expectLinearTime(read: (text: string) => unknown, unit: string, end = '\u00e9x'): void {
  const timeOf = (chars: number) => {
    const text = unit.repeat(Math.ceil(chars / unit.length)) + end;
    return processorTime(() => read(text));
  };
  let before = timeOf(LENGTHS[0]);
  for (const chars of LENGTHS) {
    const time = timeOf(chars);
    expect(time, `${chars} characters`).to.be.below(Math.max(before, LEAST_MS) * MOST);
    before = time;
  }
}
