/** The body of the page of one subject. */
import { expect } from 'chai';
import { render } from 'preact-render-to-string';
import { Links } from '../../../../lib/admin/core/links.js';
import { SubjectHeading, SubjectPage } from '../../../../lib/admin/pages/subject/page.js';
import type { SubjectSnapshot } from '../../../../lib/admin/pages/subject/snapshot.js';
import { username } from '../../../support/fixtures/now-snapshots.js';
import { blockedAddress, lockedName, unknownName } from '../../../support/fixtures/subject-snapshots.js';

const LINKS = new Links('/ops');

describe('SubjectPage', () => {
  const html = (snapshot: SubjectSnapshot): string => render(<SubjectPage links={LINKS} snapshot={snapshot} />);
  const textOf = (snapshot: SubjectSnapshot): string => html(snapshot).replace(/(?:<[^>]+>|\s)+/g, ' ');

  it('says what it is, why it is locked, by whom and until when', () => {
    expect(textOf(lockedName)).to.contain('Username · Locked Locked for 1 h 48 m more.');
    expect(textOf(lockedName)).to.contain('Why 6 failures Tier tier 2 of 3 End ends in 1 h 48 m Locked 12 m ago (2026');
    expect(textOf(blockedAddress)).to.contain(
      'Why blocked by ops @example.com : Scanner of ticket 4711 End until reset',
    );
  });

  it('says from how many addresses a username failed, and with how many usernames an address', () => {
    expect(textOf(lockedName)).to.contain('Failures from 4 addresses');
    expect(textOf(blockedAddress)).to.contain('Failures with 64 or more usernames');
  });

  it('shows the whole name as its heading, with escapes that commands accept', () => {
    const name = '\u202e'.repeat(256);
    const heading = render(<SubjectHeading subject={username(name)} />);
    expect(heading.split('class="escape"')).to.have.length(257);
  });

  it('offers what the viewer may do, and nothing else', () => {
    expect(html(lockedName)).to.not.contain('<form');
    const page = <SubjectPage links={LINKS} snapshot={lockedName} actions={<form method="post">Unblock</form>} />;
    expect(render(page)).to.contain('<form method="post">Unblock</form>');
  });

  it('leads to all attempts of the subject, and from each related subject to its page', () => {
    expect(html(blockedAddress)).to.contain('href="/ops/attempts?ip=203.0.113.9"');
    const links = [...html(lockedName).matchAll(/href="\/ops\/subject\?key=ip%3D([^"]*)"/g)].map(([, ip]) => ip);
    expect(links).to.deep.equal(['203.0.113.9', '203.0.113.77', '198.51.100.7']);
  });

  it('says how many related subjects are not shown', () => {
    expect(textOf(lockedName)).to.contain('Addresses that tried this username 3 of 14 ');
    expect(textOf(blockedAddress)).to.contain('8 of 861 in the newest 500 attempts');
  });

  it('has known devices for users only', () => {
    expect(textOf(lockedName)).to.contain('Known devices');
    expect(textOf(blockedAddress)).to.not.contain('Known devices');
  });

  it('shows no table and no line without data, but says what will be there', () => {
    expect(textOf(unknownName)).to.contain('Nothing has happened yet').and.contain('No login in the attempt log');
  });

  it('says that older attempts are not drawn', () => {
    expect(textOf({ ...lockedName, line: { ...lockedName.line, isCut: true } })).to.contain(
      'Only the newest 23 entries',
    );
  });
});
