import { expect } from 'chai';
import sinon from 'sinon';
import type { AttemptLog, LockoutOptions } from '../../../../lib/index.js';
import { textOf, valuesOf } from '../../../support/sites/admin-desk.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { SlowStore } from '../../../support/stores/slow-store.js';
import { LogDesk, linkOf, rowsOf } from './log-desk.js';

const ADDRESS = '/subject?key=ip%3D203.0.113.9';
const MAX_LOOKED_AT = 3_000;

describe('The page Attempts', () => {
  let desk: LogDesk;
  beforeEach(() => {
    desk = new LogDesk();
  });
  afterEach(() => desk.close());

  function restart(options: LockoutOptions & { can?: [] }): void {
    desk = new LogDesk(new ManualClock(), undefined, options);
  }

  it('says what to do while there is nothing', async () => {
    expect(await desk.text('/attempts'))
      .to.include('No attempt has been logged yet')
      .and.include('wrong password');
  });

  it('says so if nothing matches, and leads to everything', async () => {
    await desk.guess('alice');
    const page = await desk.page('/attempts?username=bob');
    expect(linkOf(page, 'Show all attempts')).to.equal('/attempts');
  });

  it('says how to turn the log on while it is off, and shows what is there', async () => {
    await desk.guess('alice');
    desk = new LogDesk(desk.clock, desk.store, { attemptLog: 'off' });
    const text = await desk.text('/attempts');
    expect(text).to.include("Remove attemptLog: 'off'").and.include('alice');
  });

  it('says so if the store keeps no log', async () => {
    desk = new LogDesk(new ManualClock(), new SlowStore(), { attemptLog: 'off' });
    expect(await desk.text('/attempts')).to.include('This store keeps no attempt log');
  });

  it('shows the newest first: who, from where, when, with what and why', async () => {
    for (const isRight of [true, false, false, false]) {
      await desk.guess('alice', { isRight, userAgent: 'curl/8', url: '/login?token=x' });
    }
    await desk.guess('alice');
    const page = await desk.page('/attempts');
    const text = await desk.text('/attempts');
    const outcomes = ['Refused', 'Failed', 'Failed', 'Failed', 'Succeeded'];
    expect([...text.matchAll(/(Refused|Failed|Succeeded)only/g)].map(([, word]) => word)).to.deep.equal(outcomes);
    expect(text)
      .to.include('2100-01-01 00:00:03 UTC')
      .and.include('POST /login')
      .and.include('curl/8')
      .and.include('locked the username, tier 1')
      .and.not.include('token');
    expect(valuesOf(page, 'href')).to.include(ADDRESS).and.include('/subject?key=username%3Dalice');
  });

  it('leads to no subject where such a dimension is not counted', async () => {
    restart({ dimensions: ['username'] });
    await desk.guess('alice');
    const links = valuesOf(await desk.page('/attempts'), 'href');
    expect(links).to.include('/subject?key=username%3Dalice').and.not.include(ADDRESS);
  });

  describe('has links from a value', () => {
    beforeEach(async () => {
      await desk.guess('alice', { userAgent: 'curl/8' });
      await desk.guess('bob', { ip: '192.0.2.1', isRight: true });
      await desk.guess('carol', { url: '/other' });
    });

    for (const [link, names] of [
      ['only succeeded', ['bob']],
      ['not succeeded', ['carol', 'alice']],
      ['only alice', ['alice']],
      ['not alice', ['carol', 'bob']],
      ['only 203.0.113.9', ['carol', 'alice']],
      ['not 203.0.113.9', ['bob']],
      ['only curl/8', ['alice']],
      ['not curl/8', ['carol', 'bob']],
      ['not /other', ['bob', 'alice']],
    ] as const) {
      it(`"${link}"`, async () => {
        expect(await desk.names(linkOf(await desk.page('/attempts'), link))).to.deep.equal(names);
      });
    }

    it('that add to the filter, and can be taken back', async () => {
      const first = await desk.page(linkOf(await desk.page('/attempts'), 'not alice'));
      const both = await desk.page(linkOf(first, 'not bob'));
      expect(await desk.names(linkOf(both, 'show again alice'))).to.deep.equal(['carol', 'alice']);
      expect(await desk.names(linkOf(both, 'show again bob'))).to.deep.equal(['carol', 'bob']);
    });

    it('which the form keeps', async () => {
      const page = await desk.page('/attempts?not-username=alice&not-username=bob&group=ip');
      const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)"/g)].map(
        ([, name, value]) => `${name}=${value}`,
      );
      expect(hidden).to.include.members(['not-username=alice', 'not-username=bob', 'group=ip']);
    });
  });

  it('is filtered by reason and by what locked', async () => {
    for (const username of ['bob', 'alice', 'alice', 'alice', 'alice']) await desk.guess(username);
    expect(await desk.names('/attempts?reason=locked')).to.deep.equal(['alice']);
    expect(await desk.names('/attempts?dimension=username')).to.deep.equal(['alice', 'alice']);
    expect(await desk.names('/attempts?dimension=ip')).to.deep.equal([]);
    expect(await desk.names('/attempts?not-dimension=username&not-username=bob')).to.deep.equal(['alice', 'alice']);
  });

  it('is filtered by part of the user agent or the path, in any case of letters', async () => {
    await desk.guess('alice', { userAgent: 'Mozilla/5.0' });
    await desk.guess('bob', { url: '/MOZILLA' });
    await desk.guess('carol');
    expect(await desk.names('/attempts?text=mozilla')).to.deep.equal(['bob', 'alice']);
    expect(await desk.text('/attempts?text=mozilla'))
      .to.include('Looked at all 3 entries')
      .and.include('2 of them match');
  });

  describe('with a range of time', () => {
    it('leads from the name of a range to an address with the time itself, which means the same later', async () => {
      await desk.guess('alice');
      desk.clock.advance({ hours: 2 });
      await desk.guess('bob');
      const response = await desk.open(linkOf(await desk.page('/attempts?username=bob'), '1 hour'));
      expect(response.status).to.equal(303);
      const to = response.headers.get('Location') as string;
      expect(to).to.equal(
        '/attempts?username=bob&since=2099-12-31T23%3A00%3A02Z'.replace('2099-12-31T23', '2100-01-01T01'),
      );
      desk.clock.advance({ days: 2 });
      expect(await desk.names(to)).to.deep.equal(['bob']);
    });

    it('shows which range is chosen, while it is still that long', async () => {
      const current = async () =>
        /aria-current="true">([^<]+)</.exec(await desk.page('/attempts?since=2099-12-31T23:00'))?.[1];
      expect(await current()).to.equal('1 hour');
      desk.clock.advance({ minutes: 5 });
      expect(await current()).not.to.equal('1 hour');
    });

    it('includes its beginning and not its end', async () => {
      for (const name of ['a', 'b', 'c']) await desk.guess(name);
      expect(await desk.names('/attempts?since=2100-01-01T00:00:01&until=2100-01-01T00:00:02')).to.deep.equal(['b']);
    });

    it('shows its times in the fields again', async () => {
      const page = await desk.page('/attempts?since=2100-01-01T00:00:01Z&until=2100-01-02T00:00');
      expect(valuesOf(page, 'value')).to.include('2100-01-01T00:00:01').and.include('2100-01-02T00:00:00');
    });
  });

  it('leads from what a form without values sends to a short address', async () => {
    const { status, headers } = await desk.open('/attempts?since=&until=&outcome=&username=alice&ip=&text=');
    expect(status).to.equal(303);
    expect(headers.get('Location')).to.equal('/attempts?username=alice');
  });

  it('says beside the field what is wrong, keeps the rest, and looks nothing up', async () => {
    await desk.guess('alice');
    const response = await desk.open('/attempts?ip=localhost&username=alice');
    const page = await response.text();
    expect(response.status).to.equal(400);
    expect(page).to.include('id="ip-error"').and.include('aria-invalid="true"');
    expect(valuesOf(page, 'value')).to.include('alice');
    expect(page).not.to.include('<table>');
  });

  it('has pages, forward and back to the first, that keep the filter', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `u${index}`);
    await desk.write(names.map((username) => ({ username, outcome: 'failed' })));
    await desk.write([{ username: 'x', outcome: 'succeeded' }]);
    const first = await desk.page('/attempts?outcome=failed');
    const second = linkOf(first, 'Next page');
    expect(await desk.names('/attempts?outcome=failed')).to.deep.equal(names.slice(10).reverse());
    expect(await desk.names(second)).to.deep.equal(names.slice(0, 10).reverse());
    expect(linkOf(await desk.page(second), 'First page')).to.equal('/attempts?outcome=failed');
    expect(() => linkOf(first, 'First page')).to.throw();
  });

  it('shows the first page for a cursor that is none', async () => {
    await desk.guess('alice');
    expect(await desk.names('/attempts?cursor=x')).to.deep.equal(['alice']);
  });

  it('looks at no more than 3,000 entries for a page, says so, and looks further from there', async () => {
    const entry = { username: 'alice', userAgent: 'curl/8' };
    await desk.write([{ username: 'bob', userAgent: 'wget' }, ...new Array(MAX_LOOKED_AT).fill(entry)]);
    const page = await desk.page('/attempts?text=wget');
    expect(await desk.text('/attempts?text=wget'))
      .to.include('Nothing found so far')
      .and.include('Looked at the newest 3,000 entries, back to ')
      .and.include('0 of them match');
    expect(await desk.names(linkOf(page, 'Next page'))).to.deep.equal(['bob']);
  });

  it('says that the log does not answer, and keeps the filter to change it', async () => {
    const query = sinon.stub(desk.store.attemptLog as AttemptLog, 'query').rejects(new Error('down'));
    const response = await desk.open('/attempts?username=alice&text=wget');
    expect(response.status).to.equal(503);
    expect(await response.text())
      .to.include('The attempt log did not answer in time')
      .and.include('value="wget"');
    query.restore();
    expect((await desk.open('/attempts?username=alice')).status).to.equal(200);
  });

  describe('grouped', () => {
    beforeEach(async () => {
      await desk.guess('alice');
      await desk.guess('bob');
      await desk.guess('alice', { ip: '192.0.2.1', isRight: true });
      await desk.lockout.recordLogout({ ip: '192.0.2.1' }, { username: 'alice' });
    });

    it('by address shows what came from each, and how many names', async () => {
      const page = await desk.page('/attempts?group=ip');
      expect(rowsOf(page)).to.deep.equal([
        ['203.0.113.9', '2', '0', '0', '2', 'just now'],
        ['192.0.2.1', '0', '0', '1', '1', 'just now'],
      ]);
      expect(textOf(page)).to.include('Looked at all 4 entries');
    });

    it('by username shows the worst first, and leads to its attempts', async () => {
      await desk.guess('alice');
      const page = await desk.page('/attempts?group=username');
      expect(await desk.names('/attempts?group=username')).to.deep.equal(['alice', 'bob']);
      expect(linkOf(page, 'only alice')).to.equal('/attempts?username=alice');
    });

    it('says that only the newest entries are counted', async () => {
      await desk.write(new Array(MAX_LOOKED_AT + 1).fill({ username: 'eve' }));
      expect(await desk.text('/attempts?group=username')).to.include('Looked at the newest 3,000 entries');
    });
  });

  for (const [what, name] of [
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['the end of an attribute', '"><script>alert(1)</script>'],
    ['what URLs are made of', 'a+b c&d=e/../%00#?'],
    ['an emoji', '😀'],
    ['255 characters', 'x'.repeat(255)],
    ['so many characters that it is hashed', 'y'.repeat(300)],
    ['the name of a property', '__proto__'],
    ['a written escape', 'a\\u{202e}b'],
  ] as const) {
    it(`shows a name of ${what} as text, and leads to its attempts`, async () => {
      restart({ canonicalUsername: String });
      await desk.guess(name);
      await desk.guess('other');
      const page = await desk.page('/attempts');
      expect(page).not.to.match(/<script>|<img/);
      const [row = ''] = [...page.matchAll(/<th scope="row">.*?<\/th>/gs)].map(([cell]) => cell).slice(1);
      const only = valuesOf(row, 'href').find((href) => href.startsWith('/attempts?username=')) as string;
      const not = valuesOf(row, 'href').find((href) => href.startsWith('/attempts?not-username=')) as string;
      expect(await desk.names(only)).to.have.length(1);
      expect(await desk.names(not)).to.deep.equal(['other']);
    });
  }

  it('shows what reverses the direction of text, and leads to its attempts', async () => {
    restart({ canonicalUsername: String });
    await desk.guess('a\u202eb');
    const page = await desk.page('/attempts');
    expect(page).to.include('<span class="escape">\\u{202e}</span>').and.not.include('\u202e');
    expect(await desk.names(linkOf(page, 'only a\\u{202e}b'))).to.have.length(1);
  });

  it('shows as escapes what an address asks for, too', async () => {
    const page = await desk.page('/attempts?dimension=%E2%80%AE&reason=%E2%80%AE&not-text=%E2%80%AE');
    const text = page.replaceAll(/value="[^"]*"/g, '');
    expect(text).to.include('<option  selected>\\u{202e}</option>').and.not.include('\u202e');
  });

  it('leads to what belongs to a pseudonym', async () => {
    restart({ pseudonymize: 'a secret of at least 32 characters' });
    await desk.guess('alice');
    await desk.guess('bob');
    await desk.guess('alice', { ip: '192.0.2.1' });
    const page = await desk.page('/attempts');
    const only = valuesOf(page, 'href').filter((href) => href.startsWith('/attempts?username='));
    expect(await desk.names(only[0] as string)).to.have.length(2);
    expect(await desk.names('/attempts?username=Alice')).to.have.length(2);
    const { items } = await desk.lockout.list({ locked: false, username: 'alice' });
    expect(valuesOf(page, 'href')).to.include(`/subject?${new URLSearchParams({ key: items[0]?.key as string })}`);
  });

  it('offers no export to those who may not', async () => {
    restart({ can: [] });
    await desk.guess('alice');
    expect(await desk.page('/attempts')).not.to.include('Export');
    for (const target of ['/attempts.csv', '/attempts.jsonl']) expect((await desk.open(target)).status).to.equal(403);
  });

  it('exports what is shown', async () => {
    await desk.guess('alice');
    await desk.guess('bob');
    const page = await desk.page('/attempts?not-username=bob&group=ip');
    expect(linkOf(page, 'Export CSV')).to.equal('/attempts.csv?not-username=bob');
    expect(linkOf(page, 'Export JSON Lines')).to.equal('/attempts.jsonl?not-username=bob');
  });
});
