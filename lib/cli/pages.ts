/** All pages of a list, one subject after the other. */

import type { Lockout } from '../lockout.js';
import type { ListQuery, SubjectStatus } from '../operator/types.js';

const PAGE = 1_000;

export async function* allSubjects(
  lockout: Lockout,
  query: Omit<ListQuery, 'cursor' | 'limit'>,
): AsyncGenerator<SubjectStatus> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await lockout.list({ ...query, limit: PAGE, ...(cursor && { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  }
}
