/** The body of Now. */
import { expect } from 'chai';
import { render } from 'preact-render-to-string';
import { Links } from '../../../lib/admin/core/links.js';
import { NowPage } from '../../../lib/admin/pages/now/page.js';
import type { NowSnapshot } from '../../../lib/admin/pages/now/snapshot.js';
import { empty, quiet, stuffing, week } from '../../support/fixtures/now-snapshots.js';

describe('NowPage', () => {
  const html = (snapshot: NowSnapshot): string =>
    render(<NowPage links={new Links('/ops')} snapshot={snapshot} canUnblock />);
  const textOf = (snapshot: NowSnapshot): string => html(snapshot).replace(/(?:<[^>]+>|\s)+/g, ' ');

  it('says in a word and a shape whether there is an attack', () => {
    expect(textOf(stuffing)).to.contain('Under attack since 14:02 UTC Failures are');
    expect(textOf(quiet)).to.contain('Quiet All is quiet');
  });

  it('shows rates of the last complete minute, beside those of a day before', () => {
    const { failed = -1 } = stuffing.minutes.at(-2) ?? {};
    const { failed: before = -1 } = stuffing.yesterday.at(-2) ?? {};
    expect(textOf(stuffing)).to.contain(`Failed / min ${failed} ${before} yesterday at this time`);
  });

  it('says that there may be more locked than were counted', () => {
    const locked = { subjects: 1000, isAtLeast: true, names: 3, lookedAt: 3, knownNames: 2 };
    expect(textOf({ ...stuffing, locked })).to.contain('Locked now 1,000+ ');
  });

  it('leads from each row to its subject', () => {
    const links = [...html(stuffing).matchAll(/href="\/ops\/subject\?key=([^"]*)"/g)].map(([, key]) => key);
    const rows = [stuffing.top?.addresses, stuffing.top?.names, stuffing.ending].map((list) => list?.length ?? 0);
    expect(links).to.have.length(rows.reduce((sum, count) => sum + count));
  });

  it('keeps the span of the chart in the address of the page, which is short for the hour', () => {
    expect(html(week)).to.contain('href="/ops/?span=week" aria-current="true"').and.contain('href="/ops/">1 hour');
    expect(html(week)).to.contain('Attempts per hour, last 7 days');
  });

  it('has parts that can be replaced one by one', () => {
    const parts = [...html(stuffing).matchAll(/data-live="([^"]*)"/g)].map(([, part]) => part);
    expect(parts).to.deep.equal([
      'gaps',
      'headline',
      'figures',
      'chart',
      'addresses',
      'networks',
      'names',
      'ending',
      'health',
    ]);
  });

  it('says how far the lists reach, and that names are as typed', () => {
    expect(textOf(stuffing))
      .to.contain('Newest 5,000 log entries, since 13:35 UTC')
      .and.contain('not every name is a user’s');
  });

  it('says where something will appear while there is nothing', () => {
    expect(textOf(empty)).to.contain('Nobody is locked Enter wrong passwords');
    expect(textOf(empty)).to.contain('No login has failed in the last hour Failed logins appear here.');
  });

  it('says whether its numbers can be trusted', () => {
    expect(textOf(quiet)).to.contain('Health Well Store MongoStore, p95 1.9 ms');
    expect(textOf(stuffing)).to.contain('Needs a look').and.contain('1 finding');
    expect(textOf(empty)).to.contain('no log is kept');
  });
});
