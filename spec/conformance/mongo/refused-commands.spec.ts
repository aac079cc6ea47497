/** X33: `check()` on a server that answers, but not everything: a user with few rights, a view, the stable API. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useProxiedDatabase } from '../../support/stores/proxied-database.js';

const UNAUTHORIZED = { code: 13, codeName: 'Unauthorized' };
const NOT_IN_API = { code: 323, codeName: 'APIStrictError' };
const ON_A_VIEW = { code: 166, codeName: 'CommandNotSupportedOnView' };
const READ_ONLY = ['insert', 'update', 'delete', 'findAndModify', 'create', 'createIndexes'];

describeMongo('X33 check() of a store whose server refuses some commands', () => {
  const site = useProxiedDatabase();

  beforeEach(async () => {
    await new Lockout({ ...PATIENT, secret: SECRET, store: site.database.store() }).check();
  });

  const CASES = [
    {
      what: 'the indexes',
      refused: ['listIndexes'],
      error: UNAUTHORIZED,
      // Of each collection.
      found: Array(4).fill('WARN_LOCKOUT_CHECK_INCOMPLETE'),
    },
    { what: 'its version', refused: ['buildInfo'], error: NOT_IN_API, found: [] },
    { what: 'how many there are', refused: ['count'], error: UNAUTHORIZED, found: [] },
    { what: 'to write', refused: READ_ONLY, error: UNAUTHORIZED, found: ['WARN_LOCKOUT_STORE_UNWRITABLE'] },
    {
      what: 'to change a view',
      refused: ['findAndModify'],
      error: ON_A_VIEW,
      found: ['WARN_LOCKOUT_STORE_UNWRITABLE'],
    },
  ];
  for (const { what, refused, error, found } of CASES) {
    it(`reports ${found[0] ?? 'the rest'} if it refuses ${what}`, async () => {
      for (const command of refused) site.proxy.refuse(command, () => error);
      const lockout = new Lockout({ ...PATIENT, secret: SECRET, store: site.database.storeThrough(site.proxy.uri) });

      const findings = await lockout.check();
      expect(findings.map(({ code }) => code)).to.deep.equal(found);
      for (const { message } of findings) expect(message).to.include(`(${error.codeName}, code ${error.code})`);
    });
  }

  it('reports nothing about what it could not see', async () => {
    for (const command of ['buildInfo', 'count']) site.proxy.refuse(command, () => NOT_IN_API);
    expect(await site.database.storeThrough(site.proxy.uri).inspect()).to.include({
      server: 'MongoDB of unknown version',
      subjects: null,
      attempts: null,
    });
  });
});
