/** What the gallery shows: both pages in each state, and all parts. */
import type { VNode } from 'preact';
import { Links } from '../../../lib/admin/core/links.js';
import { ActivityPage } from '../../../lib/admin/pages/activity/page.js';
import { BlockedPage } from '../../../lib/admin/pages/blocked/page.js';
import { NowPage } from '../../../lib/admin/pages/now/page.js';
import { SettingsPage } from '../../../lib/admin/pages/settings/page.js';
import { SubjectHeading, SubjectPage } from '../../../lib/admin/pages/subject/page.js';
import { Button } from '../../../lib/admin/view/forms.js';
import { ACTIVITY, HOSTILE_ACTIVITY } from '../fixtures/activity-data.js';
import { empty, hostile, MINUTE, NOW, quiet, stuffing, week } from '../fixtures/now-snapshots.js';
import { HOSTILE_SETTINGS, SETTINGS } from '../fixtures/settings-data.js';
import { blockedAddress, lockedName, unknownName } from '../fixtures/subject-snapshots.js';
import { Parts } from './parts.js';

const LINKS = new Links('/admin');
const ACTIONS = (
  <>
    <form method="post">
      <Button tone="primary">Unblock</Button>
    </form>
    <form method="post">
      <Button>Forget failures</Button>
    </form>
    <form method="post">
      <Button tone="danger">Block</Button>
    </form>
  </>
);

export interface GalleryPage {
  readonly name: string;
  /** Which page of the navigation it is; none for a page that is not in it. */
  readonly current: string;
  readonly title: string;
  readonly heading?: VNode;
  readonly at: number;
  readonly body: VNode;
}

export const GALLERY: readonly GalleryPage[] = [
  ...Object.entries({ attack: stuffing, quiet, empty, hostile, week }).map(([name, snapshot]) => ({
    name: `now-${name}`,
    current: '/',
    title: 'Now',
    at: snapshot.at,
    body: <NowPage links={LINKS} snapshot={snapshot} canUnblock />,
  })),
  ...Object.entries({ name: lockedName, address: blockedAddress, unknown: unknownName }).map(([name, snapshot]) => ({
    name: `subject-${name}`,
    current: '/subject',
    title: snapshot.subject.key,
    heading: <SubjectHeading subject={snapshot.subject} />,
    at: snapshot.at,
    body: <SubjectPage links={LINKS} snapshot={snapshot} actions={ACTIONS} />,
  })),
  {
    name: 'blocked',
    current: '/blocked',
    title: 'Blocked',
    at: NOW,
    body: (
      <BlockedPage
        links={LINKS}
        now={NOW}
        here="/blocked"
        canUnblock
        canBlock
        query={{ dimension: undefined, username: undefined, ip: undefined, order: 'lockedUntil', cursor: undefined }}
        data={{
          cursor: 'next',
          mistake: undefined,
          tabs: [
            { dimension: undefined, locked: { count: 1284, isAtLeast: false } },
            { dimension: 'ip', locked: { count: 37, isAtLeast: false } },
            { dimension: 'username', locked: { count: 1000, isAtLeast: true } },
          ],
          rows: [...(stuffing.ending ?? []), ...(hostile.ending ?? [])].map(({ lock, ...row }) => ({
            ...row,
            ...lock,
            lastFailureAt: NOW - 5 * MINUTE,
          })),
        }}
      />
    ),
  },
  ...Object.entries({ activity: ACTIVITY, 'activity-hostile': HOSTILE_ACTIVITY }).map(([name, data]) => ({
    name,
    current: '/activity',
    title: 'Activity',
    at: NOW,
    body: (
      <ActivityPage
        links={LINKS}
        now={NOW}
        here="/activity"
        canExport
        canUnblock
        query={{ filter: { by: 'dave' }, mistakes: {}, cursor: undefined }}
        data={data}
      />
    ),
  })),
  ...Object.entries({ settings: SETTINGS, 'settings-hostile': HOSTILE_SETTINGS }).map(([name, data]) => ({
    name,
    current: '/settings',
    title: 'Settings',
    at: NOW,
    body: <SettingsPage data={data} />,
  })),
  { name: 'parts', current: '/blocked', title: 'Parts', at: NOW, body: <Parts /> },
];
