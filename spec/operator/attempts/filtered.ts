/** Finding entries of the attempt log by outcome, name, address and time. */
import { expect } from 'chai';
import type { AttemptsQuery } from '../../../lib/index.js';
import { type LogSite, right, wrong } from './log-site.js';

const SECRET = 'a secret of at least 32 characters';

export function itFinds(site: LogSite): void {
  describe('filters', () => {
    let startedAt: number;
    const atSecond = (seconds: number) => new Date(startedAt + seconds * 1_000);

    beforeEach(async () => {
      startedAt = site.clock.read();
      await site.guess('alice');
      await site.guess('bob', { ip: '2001:db8::1' });
      await site.guess('carol', { verify: right });
    });

    it('by outcome', async () => {
      expect(await site.namesOf({ outcome: 'failed' })).to.deep.equal(['bob', 'alice']);
      expect(await site.namesOf({ outcome: 'logout' })).to.deep.equal([]);
    });

    it('by username, in any spelling', async () => {
      expect(await site.namesOf({ username: ' ALICE ' })).to.deep.equal(['alice']);
      expect(await site.namesOf({ username: 'nobody' })).to.deep.equal([]);
    });

    it('by address, with an IPv6 address standing for its network', async () => {
      expect(await site.namesOf({ ip: '::ffff:203.0.113.9' })).to.deep.equal(['carol', 'alice']);
      expect(await site.namesOf({ ip: '2001:db8::ffff' })).to.deep.equal(['bob']);
      expect(await site.namesOf({ ip: '2001:db8::/64' })).to.deep.equal(['bob']);
    });

    it('by time, including since and excluding until', async () => {
      expect(await site.namesOf({ since: atSecond(1) })).to.deep.equal(['carol', 'bob']);
      expect(await site.namesOf({ until: atSecond(1) })).to.deep.equal(['alice']);
      expect(await site.namesOf({ since: atSecond(1), until: atSecond(2) })).to.deep.equal(['bob']);
    });

    it('by several conditions at once', async () => {
      const query = { outcome: 'failed', username: 'alice', ip: '203.0.113.9', since: atSecond(0) } as const;
      expect(await site.namesOf(query)).to.deep.equal(['alice']);
      expect(await site.namesOf({ ...query, since: atSecond(1) })).to.deep.equal([]);
    });

    it('by name and address even if neither is counted', async () => {
      const tenant = () => 'acme';
      site.start({ dimensions: [tenant] });
      await site.guess('alice');

      expect(await site.namesOf({ username: 'alice', ip: '203.0.113.9' })).to.deep.equal(['alice']);
    });
  });

  for (const { title, username } of [
    { title: 'of 256 characters', username: 'x'.repeat(256) },
    { title: 'so long that it is hashed', username: 'x'.repeat(300) },
    { title: 'with a line break in it', username: 'forged\nline' },
    { title: 'that looks like an operator', username: '$ne' },
  ]) {
    it(`finds a username ${title}`, async () => {
      await site.guess('alice');
      await site.guess(username);

      expect((await site.lockout.attempts({ username })).items).to.have.length(1);
    });
  }

  it('finds malformed usernames by the name shown for them', async () => {
    await site.lockout.protect({ username: ['alice'] }, wrong);
    await site.lockout.protect({ username: '<malformed>' }, wrong);

    const shown = await site.namesOf({ username: '<MALFORMED>' });

    expect(shown).to.deep.equal(['<MALFORMED>']);
  });

  it('finds pseudonymized entries by clear names', async () => {
    site.start({ pseudonymize: SECRET });
    await site.guess('alice');
    await site.guess('bob', { ip: '192.0.2.1' });

    const { items } = await site.lockout.attempts({ username: 'Alice', ip: '203.0.113.9' });

    expect(items).to.have.length(1);
    expect(items[0]?.username).to.match(/^%hmac:/);
    expect(items[0]?.ip).to.match(/^%hmac:/);
    expect(JSON.stringify(items)).not.to.include('alice');
  });

  it('finds entries by the pseudonyms that they show', async () => {
    site.start({ pseudonymize: SECRET });
    await site.guess('alice');
    await site.guess('bob', { ip: '192.0.2.1' });
    const { items } = await site.lockout.attempts({ username: 'alice' });
    const { username, ip } = items[0] ?? {};

    for (const query of [
      { username },
      { ip },
      { username, ip },
      { username: 'alice', ip },
      { username, outcome: 'failed' },
    ]) {
      expect((await site.lockout.attempts(query as AttemptsQuery)).items).to.deep.equal(items);
    }
  });

  it('finds the entries of a long name by the hash that they show', async () => {
    await site.guess('alice');
    await site.guess('x'.repeat(300));
    const { items } = await site.lockout.attempts({ limit: 1 });
    const username = items[0]?.username as string;

    expect(username).to.match(/^%sha256:/);
    expect((await site.lockout.attempts({ username })).items).to.deep.equal(items);
  });
}
