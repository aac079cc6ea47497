/** The time of a filter: its fields, and the ranges that are offered. */
import type { VNode } from 'preact';
import { DateTimeField } from '../view/forms.js';
import { Tabs } from '../view/tabs.js';
import type { TimeRange } from './field-reader.js';
import { isStill, RANGES, toFieldText } from './instants.js';

export interface TimeRangeFieldsProps {
  readonly range: TimeRange;
  readonly mistakes: Readonly<Partial<Record<'since' | 'until', string>>>;
}

export function TimeRangeFields({ range, mistakes }: TimeRangeFieldsProps): VNode {
  return (
    <>
      <DateTimeField
        id="since"
        name="since"
        label="From (UTC)"
        value={toFieldText(range.since)}
        error={mistakes.since}
      />
      <DateTimeField
        id="until"
        name="until"
        label="Before (UTC)"
        value={toFieldText(range.until)}
        error={mistakes.until}
      />
    </>
  );
}

export interface RangeTabsProps {
  readonly range: TimeRange;
  readonly now: number;
  /** Makes a link to the same list in this range, by its id; without one, to all of it. */
  readonly to: (range?: string) => string;
}

/** Each leads to a range that ends at the time of the click. */
export function RangeTabs({ range: { since, until }, now, to }: RangeTabsProps): VNode {
  const isOpen = until === undefined;
  const tabs = RANGES.map((range) => ({
    href: to(range.id),
    text: range.text,
    isCurrent: isOpen && isStill(range, since, now),
  }));
  const everything = { href: to(), text: 'All', isCurrent: isOpen && since === undefined };
  return <Tabs label="Time range" look="segments" tabs={[...tabs, everything]} />;
}
