/** What the parts of the page are given. */
import type { Links } from '../../core/links.js';
import type { ActivityData } from './data.js';
import type { ActivityPageQuery } from './filter.js';

export interface ActivityProps {
  readonly data: ActivityData;
  readonly query: ActivityPageQuery;
  readonly links: Links;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The path and query of this page, below the base. */
  readonly here: string;
  readonly canExport: boolean;
  readonly canUnblock: boolean;
}
