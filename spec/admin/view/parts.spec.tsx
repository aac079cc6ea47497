/** Shared parts: what they say, where they lead, and what assistive technology makes of them. */
import { expect } from 'chai';
import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import { Links } from '../../../lib/admin/core/links.js';
import { CauseText, LockBadge, OutcomeBadge, TierDots } from '../../../lib/admin/view/badges.js';
import { DataTable } from '../../../lib/admin/view/data-table.js';
import { Button, ConfirmForm, FilterForm, TextField } from '../../../lib/admin/view/forms.js';
import { Notice } from '../../../lib/admin/view/notice.js';
import { Pager } from '../../../lib/admin/view/pager.js';
import { SubjectLink } from '../../../lib/admin/view/subject-link.js';
import { Tabs } from '../../../lib/admin/view/tabs.js';
import { Remaining, TimeText } from '../../../lib/admin/view/time.js';
import { address, both, HOUR, MINUTE, NOW, username } from '../../support/fixtures/now-snapshots.js';

const LINKS = new Links('/admin');

function textOf(node: VNode): string {
  return render(node)
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

describe('shared parts of the admin pages', () => {
  describe('SubjectLink', () => {
    it('names the kind of subject before its value', () => {
      expect(textOf(<SubjectLink links={LINKS} subject={username('alice')} />)).to.equal('username alice');
      expect(textOf(<SubjectLink links={LINKS} subject={address('2001:db8::1')} />)).to.equal('address 2001:db8::1');
    });

    it('names who it is before where it came from', () => {
      expect(textOf(<SubjectLink links={LINKS} subject={both('203.0.113.9', 'alice')} />)).to.equal(
        'address and username alice from 203.0.113.9',
      );
    });

    it('leads to the page of the subject, whatever its key contains', () => {
      const html = render(<SubjectLink links={LINKS} subject={{ ...username('x'), key: 'username=a/b?c&d+%00#"<' }} />);
      const href = /href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const url = new URL(href, 'http://localhost');
      expect([url.pathname, url.searchParams.get('key')]).to.deep.equal(['/admin/subject', 'username=a/b?c&d+%00#"<']);
    });

    it('names a dimension like a method of every object as the application does', () => {
      const subject = { key: 'toString=x', dimension: 'toString', parts: { toString: 'x' } as never };
      expect(textOf(<SubjectLink links={LINKS} subject={subject} />)).to.equal('toString x');
    });
  });

  describe('TimeText', () => {
    it('is relative in its text, and absolute for machines and in its title', () => {
      const html = render(<TimeText at={NOW - 5 * MINUTE} now={NOW} />);
      expect(html).to.contain('datetime="2026-11-26T14:18:22.000Z"').and.contain('title="2026-11-26 14:18:22 UTC"');
      expect(html).to.contain('>5 m ago<');
    });

    it('shows the absolute time as text where it is wanted', () => {
      expect(textOf(<TimeText at={NOW - 5 * MINUTE} now={NOW} show="both" />)).to.equal(
        '5 m ago (2026-11-26 14:18:22 UTC)',
      );
    });
  });

  describe('Remaining', () => {
    for (const [until, text] of [
      [NOW + 108 * MINUTE, 'ends in 1 h 48 m'],
      [NOW, 'has ended'],
      [null, 'until reset'],
    ] as const) {
      it(`says "${text}"`, () => {
        expect(textOf(<Remaining until={until} now={NOW} />)).to.equal(text);
      });
    }
  });

  describe('states', () => {
    for (const [outcome, word] of [
      ['succeeded', 'Succeeded'],
      ['failed', 'Failed'],
      ['refused', 'Refused'],
      ['logout', 'Logged out'],
    ] as const) {
      it(`says "${word}" beside a shape`, () => {
        expect(textOf(<OutcomeBadge outcome={outcome} />)).to.equal(word);
        expect(render(<OutcomeBadge outcome={outcome} />)).to.contain('<svg class="icon"');
      });
    }

    it('say how many attempts one entry stands for', () => {
      expect(textOf(<OutcomeBadge outcome="refused" count={1200} />)).to.equal('Refused 1,200 times');
    });

    it('tell a lock of the ladder from one of an operator', () => {
      expect([textOf(<LockBadge cause="tier" />), textOf(<LockBadge cause="operator" />)]).to.deep.equal([
        'Locked',
        'Blocked by an operator',
      ]);
    });

    it('name the tier in words, and draw a ladder of few tiers only', () => {
      expect(textOf(<TierDots tier={1} tiers={3} />)).to.equal('tier 2 of 3');
      expect(render(<TierDots tier={1} tiers={3} />).match(/<circle/g)).to.have.length(3);
      expect(render(<TierDots tier={1} tiers={40} />)).to.not.contain('<circle');
    });

    it('name a tier beyond the ladder of this process without a total', () => {
      expect(textOf(<TierDots tier={4} tiers={3} />)).to.equal('tier 5');
    });

    for (const [cause, limit, by, reason, text] of [
      ['tier', 10, null, null, '10 failures'],
      ['tier', 1, null, null, '1 failure'],
      ['hardStop', 100, null, null, '100 failures in a row'],
      ['operator', null, 'ops', 'ticket 7', 'blocked by ops: ticket 7'],
      ['operator', null, null, null, 'blocked by an operator'],
      [null, null, null, null, 'too many failures'],
    ] as const) {
      it(`explain a lock as "${text}"`, () => {
        expect(textOf(<CauseText {...{ cause, limit, by, reason }} />)).to.equal(text);
      });
    }
  });

  describe('DataTable', () => {
    const table = (
      <DataTable
        caption="Locked subjects"
        columns={[
          { id: 'name', head: 'Name', kind: 'name', cell: (name) => name },
          { id: 'end', head: 'End', sort: { href: '/x?sort=end', direction: 'ascending' }, cell: () => 'soon' },
          { id: 'count', head: 'Failures', kind: 'number', sort: { href: '/x?sort=count' }, cell: () => 1 },
        ]}
        rows={['alice', 'bob']}
        keyOf={(name) => name}
      />
    );

    it('names its columns, its rows, and the region that scrolls', () => {
      const html = render(table);
      expect(html).to.contain('<caption>Locked subjects</caption>').and.contain('<th scope="row">alice</th>');
      expect(html.match(/<th scope="col"/g)).to.have.length(3);
      expect(html).to.match(/<section class="scroll" aria-label="Table: Locked subjects" tabindex="0">/);
    });

    it('sorts by links, and says by which one it is sorted', () => {
      const html = render(table);
      expect(html).to.contain('aria-sort="ascending"><a href="/x?sort=end">End</a>');
      expect(html.match(/aria-sort/g)).to.have.length(1);
    });
  });

  describe('forms', () => {
    it('tie each field to its label, its hint and its error', () => {
      const html = render(<TextField id="a" name="a" label="Name" hint="A hint." error="Wrong." />);
      expect(html).to.contain('<label for="a">Name</label>').and.contain('aria-describedby="a-hint a-error"');
      expect(html).to.contain('aria-invalid="true"').and.contain('id="a-error"');
    });

    it('say what a button acts on, where many rows have the same one', () => {
      expect(textOf(<Button on="alice">Unblock</Button>)).to.equal('Unblock alice');
    });

    it('confirm a change by POST, with its fields and a required reason', () => {
      const html = render(
        <ConfirmForm
          id="c"
          action="/u"
          title="Unblock?"
          fields={{ key: 'a"b', none: undefined }}
          confirm="Unblock"
          cancel="/"
        >
          One subject.
        </ConfirmForm>,
      );
      expect(html).to.contain('method="post" action="/u"').and.contain('name="key" value="a&quot;b"');
      expect(html)
        .to.match(/<input[^>]*name="reason"[^>]*required/)
        .and.not.contain('name="none"');
    });

    it('filter by GET, and keep what is not filtered by', () => {
      const html = render(
        <FilterForm action="/blocked" label="Locked subjects" keep={{ sort: 'end' }}>
          <span />
        </FilterForm>,
      );
      expect(html).to.contain('method="get"').and.contain('type="hidden" name="sort" value="end"');
      expect(html).to.not.contain('Clear');
    });
  });

  it('announces errors at once, and other notices when it suits', () => {
    expect(render(<Notice tone="error">No.</Notice>)).to.contain('role="alert"');
    expect(render(<Notice tone="succeeded">Done.</Notice>)).to.contain('role="status"');
  });

  it('names the navigation through pages, and offers no link that leads nowhere', () => {
    const html = render(<Pager label="Attempts" summary="100 of 1,284" next="/attempts?after=x" />);
    expect(html).to.contain('aria-label="Pages of Attempts"').and.contain('Next page').and.not.contain('First page');
  });

  it('marks the tab that is shown', () => {
    const tab = { href: '/a', text: 'All', isCurrent: true, count: HOUR, isAtLeast: true };
    const html = render(<Tabs label="Dimensions" tabs={[tab, { href: '/b', text: 'Addresses', isCurrent: false }]} />);
    expect(html.match(/aria-current="true"/g)).to.have.length(1);
    expect(html).to.contain('3,600,000+');
  });
});
