/** The page Attempts and its exports on every store. */
import { expect } from 'chai';
import { describeOnEachStore } from '../../../support/stores/each-store.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { LogDesk, linkOf, namesOf } from './log-desk.js';

describeOnEachStore('Attempts in the admin pages', ({ fresh }) => {
  let desk: LogDesk;
  beforeEach(async () => {
    const clock = new ManualClock();
    desk = new LogDesk(clock, await fresh(clock.read));
    await desk.guess('alice', { userAgent: 'curl/8' });
    await desk.guess('b&b', { ip: '2001:db8::1' });
    await desk.guess('alice', { ip: '192.0.2.1', isRight: true });
    await desk.guess('=carol', { url: '/other' });
  });
  afterEach(() => desk.close());

  for (const [search, names] of [
    ['', ['=carol', 'alice', 'b&b', 'alice']],
    ['username=ALICE', ['alice', 'alice']],
    ['ip=2001:db8::2', ['b&b']],
    ['outcome=succeeded', ['alice']],
    ['outcome=failed&username=alice', ['alice']],
    ['since=2100-01-01T00:00:01Z&until=2100-01-01T00:00:03Z', ['alice', 'b&b']],
    ['not-username=alice', ['=carol', 'b&b']],
    ['not-outcome=succeeded&not-ip=2001:db8::/64', ['=carol', 'alice']],
    ['text=OTHER', ['=carol']],
    ['text=curl&username=alice', ['alice']],
  ] as const) {
    it(`are found by ${search || 'nothing'}, on the page and in a file`, async () => {
      const found = namesOf(await desk.page(`/attempts?${search}`)).map((name) => name.replace('%26', '&'));
      expect(found.map((name) => name.replace('%3D', '='))).to.deep.equal(names);
      const lines = (await desk.page(`/attempts.jsonl?${search}`)).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).username)).to.deep.equal(names);
      expect((await desk.page(`/attempts.csv?${search}`)).split('\r\n')).to.have.length(names.length + 2);
    });
  }

  it('are grouped by address', async () => {
    const page = await desk.page('/attempts?group=ip');
    expect(linkOf(page, 'only 2001:db8::/64')).to.equal('/attempts?ip=2001%3Adb8%3A%3A%2F64');
    expect(await desk.names(linkOf(page, 'only 2001:db8::/64'))).to.have.length(1);
  });

  it('are exported whole, over several pages of the store', async () => {
    const names = Array.from({ length: 2_500 }, (_, index) => `u${index}`);
    await desk.write(names.map((username) => ({ username })));
    const lines = (await desk.page('/attempts.jsonl')).trimEnd().split('\n');
    const exported = lines.map((line) => JSON.parse(line).username);
    expect(exported).to.have.length(names.length + 4);
    expect(exported).to.include.members(names);
  });

  it('are paged', async () => {
    await desk.write(Array.from({ length: 60 }, (_, index) => ({ username: `u${index}` })));
    const first = await desk.page('/attempts');
    const rest = await desk.names(linkOf(first, 'Next page'));
    expect([...namesOf(first), ...rest]).to.have.length(64);
    expect(new Set([...namesOf(first), ...rest])).to.have.property('size', 63);
  });
});
