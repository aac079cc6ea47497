/** What the parts of the page are given. */
import type { Links } from '../../core/links.js';
import type { AttemptsData } from './data.js';
import type { AttemptsPageQuery } from './query.js';

export interface AttemptsProps {
  readonly data: AttemptsData;
  readonly query: AttemptsPageQuery;
  readonly links: Links;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether the viewer may take attempts away as a file. */
  readonly canExport: boolean;
}
