/** The attempt log page by page. */
import { expect } from 'chai';
import { type LogSite, wrong } from './log-site.js';

export function itTurnsPages(site: LogSite): void {
  describe('returns pages', () => {
    async function pagesOf(limit: number): Promise<(string | null)[][]> {
      const pages: (string | null)[][] = [];
      let cursor: string | null | undefined;
      do {
        const page = await site.lockout.attempts({ limit, ...(cursor != null && { cursor }) });
        pages.push(page.items.map(({ username }) => username));
        cursor = page.cursor;
      } while (cursor !== null);
      return pages;
    }

    it('that contain every entry once, the last one without a cursor', async () => {
      for (const username of ['a', 'b', 'c', 'd', 'e']) await site.guess(username);

      expect(await pagesOf(2)).to.deep.equal([['e', 'd'], ['c', 'b'], ['a']]);
      expect(await pagesOf(5)).to.deep.equal([['e', 'd', 'c', 'b', 'a']]);
    });

    it('that contain every entry once, even with many in the same millisecond', async () => {
      const names = Array.from({ length: 7 }, (_, index) => `user-${index}`);
      await Promise.all(names.map((username) => site.lockout.protect({ username }, wrong)));

      const pages = await pagesOf(3);

      expect(pages.map(({ length }) => length)).to.deep.equal([3, 3, 1]);
      expect(pages.flat()).to.have.members(names);
    });

    it('that are not shifted by entries added meanwhile', async () => {
      for (const username of ['a', 'b', 'c']) await site.guess(username);
      const { cursor } = await site.lockout.attempts({ limit: 1 });
      await site.guess('d');

      expect(await site.namesOf({ cursor: cursor as string })).to.deep.equal(['b', 'a']);
    });

    it('that all follow the same filter', async () => {
      for (const username of ['a', 'x', 'b', 'x']) await site.guess(username);
      const first = await site.lockout.attempts({ username: 'x', limit: 1 });

      expect(await site.namesOf({ username: 'x', cursor: first.cursor as string })).to.deep.equal(['x']);
    });

    it('of 100 entries if no limit is given', async () => {
      for (let index = 0; index < 101; index += 1) await site.lockout.protect({ username: `user-${index}` }, wrong);

      const { items, cursor } = await site.lockout.attempts();

      expect(items).to.have.length(100);
      expect(cursor).to.be.a('string');
    });
  });
}
