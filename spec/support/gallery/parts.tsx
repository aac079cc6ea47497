/** Every shared part on one page. */
import type { VNode } from 'preact';
import { Ladder } from '../../../lib/admin/charts/ladder.js';
import { Links } from '../../../lib/admin/core/links.js';
import { CauseText, LockBadge, OutcomeBadge, TierDots } from '../../../lib/admin/view/badges.js';
import { DataTable } from '../../../lib/admin/view/data-table.js';
import {
  Button,
  ConfirmForm,
  DateTimeField,
  FilterForm,
  SelectField,
  TextField,
} from '../../../lib/admin/view/forms.js';
import { HostileText } from '../../../lib/admin/view/hostile-text.js';
import { EmptyState, Notice } from '../../../lib/admin/view/notice.js';
import { Pager } from '../../../lib/admin/view/pager.js';
import { SubjectLink } from '../../../lib/admin/view/subject-link.js';
import { Tabs } from '../../../lib/admin/view/tabs.js';
import { Remaining } from '../../../lib/admin/view/time.js';
import { HOSTILE_NAMES, hostile, lock, MINUTE, NOW, stuffing } from '../fixtures/now-snapshots.js';
import { lockedName } from '../fixtures/subject-snapshots.js';

const LINKS = new Links('/admin');

export function Parts(): VNode {
  return (
    <>
      <Notice
        tone="succeeded"
        action={
          <form method="post">
            <Button isSmall>Undo</Button>
          </form>
        }
      >
        Unblocked <HostileText text={'alice\u202e@evil.example'} />. Its 6 failures are forgotten.
      </Notice>
      <Notice tone="info">Twelve locks were set since you opened this page.</Notice>
      <Notice tone="warning">The log is kept in memory: it ends with this process.</Notice>
      <Notice tone="error">The store did not answer within 2 s. Nothing was changed.</Notice>
      <section class="card">
        <Tabs
          label="Dimensions"
          tabs={[
            { href: '#all', text: 'All', isCurrent: true, count: 1284 },
            { href: '#ip', text: 'Addresses', isCurrent: false, count: 37 },
            { href: '#username', text: 'Usernames', isCurrent: false, count: 10000, isAtLeast: true },
          ]}
        />
        <div class="card-body">
          <FilterForm action="#" label="Locked subjects" clear="#clear" keep={{ sort: 'end' }}>
            <TextField id="f-text" name="text" label="Begins with" isWide />
            <SelectField
              id="f-by"
              name="by"
              label="Set by"
              value="system"
              options={[
                { value: '', text: 'Anybody' },
                { value: 'system', text: 'The ladder' },
                { value: 'operator', text: 'An operator' },
              ]}
            />
            <DateTimeField id="f-from" name="from" label="Since (UTC)" value="2026-11-26T14:00" />
          </FilterForm>
        </div>
        <DataTable
          caption="Locked subjects"
          isLong
          columns={[
            {
              id: 'select',
              head: <span class="sr">Select</span>,
              cell: ({ subject }) => <input type="checkbox" aria-label={`select ${subject.key}`} />,
            },
            {
              id: 'subject',
              head: 'Subject',
              kind: 'name',
              cell: ({ subject }) => <SubjectLink links={LINKS} subject={subject} />,
            },
            { id: 'state', head: 'State', kind: 'tight', cell: (row) => <LockBadge cause={row.lock.cause} /> },
            { id: 'tier', head: 'Tier', kind: 'tight', cell: (row) => <TierDots {...row.lock} /> },
            {
              id: 'failures',
              head: 'Failures',
              kind: 'number',
              sort: { href: '#failures' },
              cell: ({ failures }) => failures,
            },
            {
              id: 'end',
              head: 'End',
              kind: 'tight',
              sort: { href: '#end', direction: 'ascending' },
              cell: (row) => <Remaining until={row.lock.until} now={NOW} />,
            },
            { id: 'why', head: 'Why', kind: 'wide', cell: (row) => <CauseText {...row.lock} /> },
            {
              id: 'act',
              head: <span class="sr">Act</span>,
              cell: ({ subject }) => (
                <form method="post">
                  <Button isSmall on={subject.key}>
                    Unblock
                  </Button>
                </form>
              ),
            },
          ]}
          rows={[...(stuffing.ending ?? []), ...(hostile.ending ?? [])]}
          keyOf={({ subject }) => subject.key}
        />
        <Pager label="Locked subjects" summary="100 of more than 10,000" first="#first" next="#next" />
      </section>
      <div class="grid">
        <section class="card">
          <div class="card-head">
            <h2>Outcomes</h2>
          </div>
          <div class="card-body cluster">
            <OutcomeBadge outcome="succeeded" />
            <OutcomeBadge outcome="failed" />
            <OutcomeBadge outcome="refused" count={12} />
            <OutcomeBadge outcome="logout" />
            <LockBadge cause="tier" />
            <LockBadge cause="operator" />
            <TierDots tier={0} tiers={3} />
            <TierDots tier={2} tiers={3} />
            <Button>Plain</Button>
            <Button tone="primary">Primary</Button>
            <Button tone="danger" icon="lock">
              Danger
            </Button>
          </div>
        </section>
        <section class="card">
          <EmptyState icon="lock" title="Nobody is locked">
            Enter wrong passwords at your login page, and the lock appears here.
          </EmptyState>
        </section>
        <section class="card">
          <div class="card-body">
            <ConfirmForm
              id="confirm"
              action="#"
              title="Unblock 1,284 usernames?"
              fields={{ dimension: 'username', before: String(NOW + 9 * MINUTE) }}
              confirm="Unblock 1,284"
              cancel="#cancel"
              error="A reason is needed: it is what the next operator reads."
            >
              All usernames that begin with <HostileText text={HOSTILE_NAMES[0]} />, locked by the ladder.
            </ConfirmForm>
          </div>
        </section>
        <section class="card">
          <div class="card-head">
            <h2>Ladder alone</h2>
          </div>
          <div class="card-body">
            <Ladder id="alone" steps={lockedName.steps} failures={null} holding={null} />
          </div>
        </section>
      </div>
      <section class="card">
        <div class="card-body stack">
          {HOSTILE_NAMES.map((name) => (
            <div key={name}>
              before <HostileText text={name} max={64} /> after, {lock().tier}
            </div>
          ))}
        </div>
      </section>
    </>
  );
}
