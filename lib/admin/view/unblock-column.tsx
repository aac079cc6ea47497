/** The column of a table that leads to the page which asks before it unblocks. */
import type { Links } from '../core/links.js';
import type { Column } from './data-table.js';
import { SubjectName } from './subject-link.js';
import type { SubjectRef } from './subject-ref.js';

/**
 * Has a link, so that it works without a script; with it, the page opens as a dialog.
 *
 * @param to - the page to return to, below the base
 */
export function unblockColumn(links: Links, to: string): Column<{ readonly subject: SubjectRef }> {
  return {
    id: 'unblock',
    head: <span class="sr">Act</span>,
    kind: 'tight',
    cell: ({ subject }) => (
      <a class="button small" href={links.to('/unblock', { key: subject.key, to })} data-dialog>
        Unblock
        <span class="sr">
          {' '}
          <SubjectName subject={subject} />
        </span>
      </a>
    ),
  };
}
