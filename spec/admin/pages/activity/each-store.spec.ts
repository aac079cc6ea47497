/** The page Activity and its exports on every store. */
import { expect } from 'chai';
import { describeOnEachStore } from '../../../support/stores/each-store.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { LogDesk, linkOf, rowsOf } from '../attempts/log-desk.js';

describeOnEachStore('Activity in the admin pages', ({ fresh }) => {
  let desk: LogDesk;
  beforeEach(async () => {
    const clock = new ManualClock();
    desk = new LogDesk(clock, await fresh(clock.read));
    for (const [username, by] of [
      ['alice', 'dave'],
      ['b&b', 'a\u202eb'],
    ] as const) {
      await desk.lockout.block({ username }, { for: '1h', by });
      clock.advance({ seconds: 1 });
    }
    await desk.lockout.unblock({ username: 'alice' }, { by: 'dave' });
    clock.advance({ seconds: 1 });
  });
  afterEach(() => desk.close());

  for (const [search, subjects] of [
    ['by=dave', ['alice', 'alice']],
    ['by=a\\u{202e}b', ['b&b']],
    ['action=block', ['b&b', 'alice']],
    ['key=username%3Db%2526b', ['b&b']],
    ['since=2100-01-01T00:00:01Z&until=2100-01-01T00:00:02Z', ['b&b']],
  ] as const) {
    it(`is found by ${search}, on the page and in a file`, async () => {
      const rows = rowsOf(await desk.page(`/activity?${search}`));
      expect(rows.map(([, , , subject]) => subject)).to.deep.equal(subjects);
      const lines = (await desk.page(`/activity.jsonl?${search}`)).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).parts.username)).to.deep.equal(subjects);
    });
  }

  it('has each act once on its pages', async () => {
    for (let index = 0; index < 60; index += 1) await desk.lockout.unblock({ username: `u${index}` }, { by: 'erin' });
    const first = await desk.page('/activity?by=erin');
    const all = [...rowsOf(first), ...rowsOf(await desk.page(linkOf(first, 'Next page')))];
    expect(new Set(all.map(([, , , subject]) => subject))).to.have.property('size', 60);
    expect(all).to.have.length(60);
  });
});
