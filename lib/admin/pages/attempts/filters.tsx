/** The form of the filter, the ranges that are offered, and what is left out. */
import type { VNode } from 'preact';
import { escapeUnsafe } from '../../../util/printable.js';
import { RangeTabs, TimeRangeFields } from '../../lists/time-range.js';
import { FilterForm, SelectField, TextField } from '../../view/forms.js';
import { HostileText } from '../../view/hostile-text.js';
import { dimensionText } from '../../view/subject-link.js';
import { type AttemptFilter, FACTS, type Fact, isEmpty, OUTCOMES, toQuery, withFactAgain } from './filter.js';
import type { AttemptsProps } from './props.js';
import { linkQuery } from './query.js';
import { REASONS, reasonText } from './reasons.js';

const OUTCOME_TEXTS = { failed: 'Failed', succeeded: 'Succeeded', refused: 'Refused', logout: 'Logged out' } as const;
const FACT_TEXTS: Readonly<Record<Fact, string>> = {
  outcome: 'outcome',
  username: 'username',
  ip: 'address',
  dimension: 'locked by',
  reason: 'reason',
  text: 'text',
};
const MAX_CHARS = 60;

export function AttemptFilters(props: AttemptsProps): VNode {
  const { data, query, links } = props;
  const { filter, mistakes } = query;
  return (
    <div class="card">
      <div class="card-head">
        <h2>Filter</h2>
        <Ranges {...props} />
      </div>
      <div class="card-body stack">
        <FilterForm
          action={links.to('/attempts')}
          label="Attempts"
          clear={isEmpty(filter) && Object.keys(mistakes).length === 0 ? undefined : links.to('/attempts')}
        >
          <Kept {...props} />
          <TimeRangeFields range={filter} mistakes={mistakes} />
          <SelectField
            id="outcome"
            name="outcome"
            label="Outcome"
            value={filter.outcome}
            error={mistakes.outcome}
            options={anyOr(OUTCOMES.map((value) => ({ value, text: OUTCOME_TEXTS[value] })))}
          />
          <TextField
            id="username"
            name="username"
            label="Username"
            value={filter.username}
            max={4096}
            error={mistakes.username}
          />
          <TextField id="ip" name="ip" label="Address" value={filter.ip} max={100} error={mistakes.ip} />
          <SelectField
            id="dimension"
            name="dimension"
            label="Locked by"
            value={filter.dimension}
            options={anyOr(
              withChosen(data.dimensions, filter.dimension).map((value) => toOption(value, dimensionText)),
            )}
          />
          <SelectField
            id="reason"
            name="reason"
            label="Reason"
            value={filter.reason}
            options={anyOr(withChosen(REASONS, filter.reason).map((value) => toOption(value, reasonText)))}
          />
          <TextField
            id="text"
            name="text"
            label="Part of the user agent or path"
            value={filter.text}
            max={512}
            error={mistakes.text}
            isWide
          />
        </FilterForm>
        <LeftOut {...props} />
      </div>
    </div>
  );
}

/** Of what is set, what has no field of its own. */
function Kept({ query }: AttemptsProps): VNode {
  const { filter, group } = query;
  return (
    <>
      {group ? <input type="hidden" name="group" value={group} /> : null}
      {Object.entries(toQuery({ without: filter.without })).flatMap(([name, values]) =>
        Array.isArray(values)
          ? values.map((value) => <input key={value} type="hidden" name={name} value={value} />)
          : [],
      )}
    </>
  );
}

function Ranges({ query, links, now }: AttemptsProps): VNode {
  const all = { ...query.filter, since: undefined, until: undefined };
  const to = (range?: string) => links.to('/attempts', { ...linkQuery(query, { filter: all }), range });
  return <RangeTabs range={query.filter} now={now} to={to} />;
}

function LeftOut({ query, links }: AttemptsProps): VNode | null {
  const { filter } = query;
  const again = (fact: Fact, value: string): AttemptFilter => withFactAgain(filter, fact, value);
  const items = FACTS.flatMap((fact) => (filter.without[fact] ?? []).map((value) => ({ fact, value })));
  if (items.length === 0) return null;
  return (
    <ul class="cluster" aria-label="Left out">
      {items.map(({ fact, value }) => (
        <li key={`${fact}=${value}`} class="badge left-out">
          not {FACT_TEXTS[fact]} <HostileText text={value} max={MAX_CHARS} />
          <a href={links.to('/attempts', linkQuery(query, { filter: again(fact, value) }))}>
            show again<span class="sr"> {escapeUnsafe(value.slice(0, MAX_CHARS))}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

interface Option {
  readonly value: string;
  readonly text: string;
}

function anyOr(options: readonly Option[]): readonly Option[] {
  return [{ value: '', text: 'Any' }, ...options];
}

function toOption(value: string, toText: (value: string) => string): Option {
  return { value, text: toText(value) };
}

/** A value may come from an entry of another process, with other options. */
function withChosen(known: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || known.includes(chosen) ? known : [...known, chosen];
}
