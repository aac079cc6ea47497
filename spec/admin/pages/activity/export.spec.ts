import { expect } from 'chai';
import { LogDesk, linkOf } from '../attempts/log-desk.js';

describe('An export of activity', () => {
  let desk: LogDesk;
  beforeEach(async () => {
    desk = new LogDesk();
    await desk.lockout.block({ username: 'alice' }, { for: '1h', by: '=dave', reason: 'a "quoted", one' });
    desk.clock.advance({ seconds: 1 });
    await desk.lockout.unblock({ username: 'alice' }, { by: 'erin' });
  });
  afterEach(() => desk.close());

  it('as CSV has a line of names and a line for each act, the newest first', async () => {
    const lines = (await desk.page('/activity.csv')).split('\r\n');
    const id = '"[0-9a-f]{24}"';
    expect(lines[0]).to.equal('"at","action","by","reason","dimension","key","parts","counts","undoOf","id"');
    expect(lines[1]).to.match(/^"2100-01-01T00:00:01.000Z","unblock","erin","","username","username=alice",/);
    expect(lines[2]).to.match(
      new RegExp(
        `^"2100-01-01T00:00:00.000Z","block","'=dave","a ""quoted"", one","username","username=alice","{""username"":""alice""}","{""locked"":1,""seconds"":[0-9]+}","",${id}$`,
      ),
    );
    expect(lines).to.have.length(4);
  });

  it('as JSON Lines has one object for each act, and follows the filter', async () => {
    const lines = (await desk.page('/activity.jsonl?by=erin')).trimEnd().split('\n');
    expect(lines).to.have.length(1);
    expect(JSON.parse(lines[0] as string)).to.deep.include({ action: 'unblock', by: 'erin', counts: { unblocked: 1 } });
  });

  it('is a file with a name of its own', async () => {
    const { headers } = await desk.open('/activity.csv');
    expect(headers.get('Content-Disposition')).to.equal('attachment; filename="activity-21000101T000001Z.csv"');
  });

  it('is recorded, with how many acts were taken', async () => {
    await desk.page('/activity.csv');
    const { items } = await desk.lockout.activity({ action: 'export' });
    expect(items.map(({ by, counts }) => ({ by, counts }))).to.deep.equal([{ by: 'carol', counts: { acts: 2 } }]);
  });

  it('has all pages of the store', async () => {
    for (let index = 0; index < 1_200; index += 1) await desk.lockout.unblock({ username: `u${index}` });
    expect((await desk.page('/activity.jsonl')).trimEnd().split('\n')).to.have.length(1_202);
  });

  for (const search of ['since=yesterday', 'action=explode', 'cursor=x']) {
    it(`is refused for ${search}, and says what is wrong`, async () => {
      const response = await desk.open(`/activity.csv?${search}`);
      expect(response.status).to.equal(400);
      expect(await response.text()).to.include(`${search.split('=')[0]}: `);
    });
  }

  it('is offered with the filter that is shown', async () => {
    const page = await desk.page('/activity?by=erin');
    expect(linkOf(page, 'Export CSV')).to.equal('/activity.csv?by=erin');
    expect(linkOf(page, 'Export JSON Lines')).to.equal('/activity.jsonl?by=erin');
  });

  it('is neither offered nor given to those who may not', async () => {
    const reader = new LogDesk(desk.clock, desk.store, { can: [] });
    expect(await reader.page('/activity')).not.to.include('Export CSV');
    for (const target of ['/activity.csv', '/activity.jsonl']) expect((await reader.open(target)).status).to.equal(403);
    await reader.close();
  });
});
