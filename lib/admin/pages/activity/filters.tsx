import type { VNode } from 'preact';
import { ACTIVITY_ACTIONS } from '../../../operator/activity.js';
import { RangeTabs, TimeRangeFields } from '../../lists/time-range.js';
import { FilterForm, SelectField, TextField } from '../../view/forms.js';
import { actionName } from './act-text.js';
import { isEmpty, toQuery } from './filter.js';
import type { ActivityProps } from './props.js';

const ACTIONS = [
  { value: '', text: 'Any' },
  ...ACTIVITY_ACTIONS.map((action) => ({ value: action, text: actionName(action) })),
];

export function ActivityFilters({ query, links, now }: ActivityProps): VNode {
  const { filter, mistakes } = query;
  const isSet = !isEmpty(filter) || Object.keys(mistakes).length > 0;
  const all = { ...filter, since: undefined, until: undefined };
  const to = (range?: string) => links.to('/activity', { ...toQuery(all), range });
  return (
    <div class="card">
      <div class="card-head">
        <h2>Filter</h2>
        <RangeTabs range={filter} now={now} to={to} />
      </div>
      <div class="card-body">
        <FilterForm action={links.to('/activity')} label="Activity" clear={isSet ? links.to('/activity') : undefined}>
          <TimeRangeFields range={filter} mistakes={mistakes} />
          <TextField id="by" name="by" label="Operator" value={filter.by} max={1_000} error={mistakes.by} />
          <SelectField
            id="action"
            name="action"
            label="Action"
            value={filter.action}
            error={mistakes.action}
            options={ACTIONS}
          />
          <TextField
            id="key"
            name="key"
            label="Key of the subject"
            value={filter.key}
            max={4096}
            error={mistakes.key}
          />
        </FilterForm>
      </div>
    </div>
  );
}
