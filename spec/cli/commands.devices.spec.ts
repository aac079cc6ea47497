/** What `devices` and `revoke-devices` print and write, on a real server and for an application. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { PATIENT } from '../support/stores/patient.js';
import { Cli } from '../support/tools/cli.js';
import { AT, describeCommand, found, nothing } from './command-site.js';

const APP = new URL('../support/sites/cli-app.js', import.meta.url).pathname;
const DAY_MS = 86_400_000;

describeCommand((site) => {
  describe('devices', () => {
    it('says that nothing is stored about the devices of a user, and ends with 1', async () => {
      expect(await site().run('devices', 'Alice')).to.deep.equal(
        nothing('Nothing is stored about the known devices of alice.'),
      );
    });

    it('shows when devices were revoked, and those that failed', async () => {
      const secret = 'signs devices, and is 32 characters long';
      const lockout = new Lockout({ ...PATIENT, store: site().database.store(), secret });
      const headers = { cookie: '' };
      const cookie = await lockout.trustDevice({ headers }, 'alice');
      headers.cookie = cookie.split(';')[0] as string;
      await lockout.protect({ username: 'alice', req: { headers, ip: '203.0.113.9' } }, () => false);
      expect((await site().run('devices', 'alice')).stdout).to.match(
        /^revoked\t-\ndevice=[\w-]{12}&username=alice\t1\t-\tTIME\n$/,
      );

      await site().run('revoke-devices', 'alice');
      expect((await site().run('devices', 'alice')).stdout).to.match(/^revoked\tTIME\ndevice=/);
      const { stdout } = await site().run('devices', 'alice', '--json');
      expect(JSON.parse(stdout)).to.have.keys('username', 'revokedAt', 'devices');
      await lockout.close();
    });
  });

  describe('revoke-devices', () => {
    it('revokes the devices of each named user once, whatever the secret of the application', async () => {
      expect(await site().run('revoke-devices', 'alice', 'Alice', 'bob')).to.deep.equal(
        found('Devices of 2 users revoked.'),
      );
      expect((await site().run('devices', 'bob')).stdout).to.equal('revoked\tTIME\n');
      expect(await site().run('revoke-devices', 'alice', '--json')).to.deep.equal(found('{"users":1}'));
    });

    it('is remembered for as long as any token can be known', async () => {
      await site().run('revoke-devices', 'alice');
      const [document] = await site().database.connection.collection('lockouts').find().toArray();
      const { since, until } = document?.['devices'] ?? {};
      expect((until - since) / DAY_MS).to.be.closeTo(400, 0.001);
    });

    it('changes nothing in a dry run', async () => {
      expect(await site().run('revoke-devices', 'alice', 'bob', '--dry-run')).to.deep.equal(
        found('Dry run: devices of 2 users to revoke (alice, bob). Nothing was changed.'),
      );
      expect(await site().run('revoke-devices', 'alice', '--dry-run', '--json')).to.deep.equal(
        found('{"users":1,"dryRun":true}'),
      );
      expect(await site().keys()).to.deep.equal([]);
    });

    it('revokes nothing if one of the names is none', async () => {
      const { code, stderr } = await site().run('revoke-devices', 'alice', '');
      expect(code).to.equal(2);
      expect(stderr).to.match(/^passport-lockout: subject\.username: expected a username/);
      expect(await site().keys()).to.deep.equal([]);
    });

    it("revokes under the application's names with --app", async () => {
      const cli = new Cli({ APP_MONGODB_URI: site().database.uri });
      const printed = async (...args: string[]) => (await cli.runProcess([...args, '--app', APP])).stdout;

      expect(await printed('revoke-devices', 'alice@example.com')).to.equal('Devices of 1 user revoked.\n');
      expect((await printed('devices', 'alice')).replace(AT, 'TIME')).to.equal('revoked\tTIME\n');
    });
  });
});
