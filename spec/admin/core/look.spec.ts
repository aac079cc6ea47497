import { expect } from 'chai';
import { MemoryStore } from '../../../lib/index.js';
import { AdminDesk } from '../../support/sites/admin-desk.js';
import { EventLog } from '../../support/tools/events.js';

describe('A look at the admin pages', () => {
  let desk: AdminDesk;
  beforeEach(() => {
    desk = new AdminDesk();
  });
  afterEach(() => desk.close());

  const looks = async () => (await desk.lockout.activity({ action: 'look' })).items.map(({ by }) => by);

  it('is recorded with the name of the viewer, once for several pages', async () => {
    await desk.get('/');
    await desk.get('/blocked');
    await desk.get('/attempts');
    expect(await looks()).to.deep.equal(['carol']);
  });

  it('is recorded of a page that is not right, too', async () => {
    await desk.get('/attempts?ip=localhost');
    expect(await looks()).to.deep.equal(['carol']);
  });

  for (const [what, target] of [
    ['of a page that does not exist', '/nothing'],
    ['of an export, which is an act of its own', '/attempts.csv'],
    ['of styles and scripts', '/assets/app.0.css'],
  ] as const) {
    it(`is not recorded ${what}`, async () => {
      await desk.send(target);
      expect(await looks()).to.deep.equal([]);
    });
  }

  it('is not recorded of a person who is not let in', async () => {
    desk = new AdminDesk({ authorize: () => false });
    await desk.get('/');
    expect(await looks()).to.deep.equal([]);
  });

  it('is answered although it cannot be recorded, which is a warning', async () => {
    const store = new MemoryStore();
    store.activityLog.append = () => {
      throw new Error('disk full');
    };
    desk = new AdminDesk({ store });
    const events = new EventLog(desk.lockout);
    expect((await desk.send('/blocked')).status).to.equal(200);
    expect(events.of('warning').map(({ code }) => code)).to.include('WARN_LOCKOUT_ACTIVITY_LOST');
  });
});
