/** Invalid queries of the attempt log, and invalid cursors. */
import { expect } from 'chai';
import { LockoutConfigError } from '../../../lib/index.js';
import { EventLog } from '../../support/tools/events.js';
import type { LogSite } from './log-site.js';

export function itRefusesBadQueries(site: LogSite): void {
  describe('with an unusual query', () => {
    const PAGE = 'a whole number from 1 to 1000';
    const BAD_QUERIES = [
      { query: { limit: 0 }, message: `query.limit: expected ${PAGE}, got 0 (a number)` },
      { query: { limit: 1_001 }, message: `query.limit: expected ${PAGE}, got 1001 (a number)` },
      { query: { limit: 1.5 }, message: `query.limit: expected ${PAGE}, got 1.5 (a number)` },
      {
        query: { outcome: 'wrong' },
        message: "query.outcome: expected 'failed', 'succeeded', 'refused' or 'logout', got \"wrong\" (a string)",
      },
      { query: { since: 0 }, message: 'query.since: expected a Date, got 0 (a number)' },
      { query: { until: '2026-01-01' }, message: 'query.until: expected a Date, got "2026-01-01" (a string)' },
      { query: { since: new Date(Number.NaN) }, message: 'query.since: expected a Date, got an invalid Date' },
      { query: { username: '' }, message: 'query.username: expected a string that is not empty, got "" (a string)' },
      { query: { username: { $ne: null } }, message: 'query.username: expected a string, got an object with $ne' },
      { query: { ip: 'localhost' }, message: 'subject.ip: expected an IP address, got "localhost" (a string)' },
      {
        query: { username: '   ' },
        message: 'subject.username: expected a username, got an empty or invisible string',
      },
      { query: { usernames: 'x' }, message: 'query.usernames: there is no such option; did you mean username?' },
      { query: null, message: 'query: expected an object of options, got null' },
    ];
    for (const { query, message } of BAD_QUERIES) {
      it(`rejects ${JSON.stringify(query)}`, async () => {
        const error = await site.lockout.attempts(query as never).catch((thrown: unknown) => thrown);

        expect(error).to.be.instanceOf(LockoutConfigError).with.property('message', message);
      });
    }

    for (const cursor of ['', 'x', '1.', '.x', '1.x.y', '1.X', '99999999999999999.0', '0.0\n', 5]) {
      it(`rejects the cursor ${JSON.stringify(cursor)}`, async () => {
        const error = await site.lockout.attempts({ cursor } as never).catch((thrown: unknown) => thrown);

        expect(error)
          .to.be.instanceOf(LockoutConfigError)
          .with.property('message')
          .that.includes('query.cursor: expected the cursor of the previous page');
      });
    }

    it('accepts a well-formed cursor that no page had', async () => {
      await site.guess('alice');
      const events = new EventLog(site.lockout);
      for (const cursor of ['0.0', '9999999999999999.zzzz', `${site.clock.read()}.0123456789abcdef`]) {
        const answer = await site.lockout.attempts({ cursor }).catch((thrown: unknown) => thrown);

        if (answer instanceof Error) expect(answer).to.be.instanceOf(LockoutConfigError);
        else expect(answer).to.have.property('items').that.is.an('array');
      }
      expect(events.count('store_error')).to.equal(0);
    });
  });
}
