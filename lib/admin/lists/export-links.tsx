import type { VNode } from 'preact';
import type { LinkQuery, Links } from '../core/links.js';
import { countText } from '../view/words.js';
import { MAX_EXPORTED } from './export.js';

export interface ExportLinksProps {
  readonly links: Links;
  /** The page that shows the same. */
  readonly page: `/${string}`;
  /** The filter. */
  readonly query: LinkQuery;
}

/** Leads to what the page shows, as a file. */
export function ExportLinks({ links, page, query }: ExportLinksProps): VNode {
  return (
    <div class="card-head">
      <p>As a file: newest first, at most {countText(MAX_EXPORTED)} rows.</p>
      <span class="cluster">
        <a class="button small" href={links.to(`${page}.csv`, query)}>
          Export CSV
        </a>
        <a class="button small" href={links.to(`${page}.jsonl`, query)}>
          Export JSON Lines
        </a>
      </span>
    </div>
  );
}
