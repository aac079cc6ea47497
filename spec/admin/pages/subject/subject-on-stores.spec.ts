/** The page of one subject, on each store. */
import { expect } from 'chai';
import { AdminDesk, textOf } from '../../../support/sites/admin-desk.js';
import { describeOnEachStore } from '../../../support/stores/each-store.js';

const SECRET = 'a secret of at least 32 characters!';

describeOnEachStore('The page Subject', ({ fresh }) => {
  let desk: AdminDesk;
  afterEach(() => desk.close());

  for (const [what, pseudonymize] of [
    ['in clear', undefined],
    [
      'under a pseudonym',
      { current: 'another secret of 32 characters!', previous: 'an old secret of 32 characters!!' },
    ],
  ] as const) {
    it(`shows a name ${what}: lock, attempts, acts and devices`, async () => {
      desk = new AdminDesk({
        store: await fresh(),
        lockout: { dimensions: ['username'], attemptLog: 'await', secret: SECRET, pseudonymize },
      });
      for (const guess of ['a', 'b', 'c']) {
        await desk.lockout.protect({ username: 'alice', ip: '203.0.113.9' }, () => false, { guess });
      }
      await desk.lockout.revokeDevices({ username: 'alice', by: 'carol', reason: 'stolen' });
      const found = await desk.follow(await desk.send('/subject?username=ALICE'));
      const text = textOf(found).replace(/\s+/g, ' ');
      expect(text)
        .to.match(/Locked for 1[45] m .*more. 3 failures/)
        .and.include('3 failed, 0 refused; locked 1 time');
      expect(text).to.include('carol revoked the known devices: stolen').and.include('Revoked just now');
    });
  }
});
