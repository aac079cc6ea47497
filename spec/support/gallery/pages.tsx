/** What the gallery shows: both pages in each state, and all parts. */
import type { VNode } from 'preact';
import { Links } from '../../../lib/admin/core/links.js';
import { NowPage } from '../../../lib/admin/pages/now/page.js';
import { SubjectPage } from '../../../lib/admin/pages/subject/page.js';
import { Button } from '../../../lib/admin/view/forms.js';
import { empty, hostile, quiet, stuffing, week } from '../fixtures/now-snapshots.js';
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
  readonly current: string;
  readonly body: VNode;
}

export const GALLERY: readonly GalleryPage[] = [
  ...Object.entries({ attack: stuffing, quiet, empty, hostile, week }).map(([name, snapshot]) => ({
    name: `now-${name}`,
    current: 'Now',
    body: (
      <>
        <h1>Now</h1>
        <NowPage links={LINKS} snapshot={snapshot} canUnblock />
      </>
    ),
  })),
  ...Object.entries({ name: lockedName, address: blockedAddress, unknown: unknownName }).map(([name, snapshot]) => ({
    name: `subject-${name}`,
    current: 'Blocked',
    body: <SubjectPage links={LINKS} snapshot={snapshot} actions={ACTIONS} />,
  })),
  { name: 'parts', current: 'Blocked', body: <Parts /> },
];
