/** Who is refused after alice has failed three times from her address and agent, for each choice of dimensions. */
import { expect } from 'chai';
import type { DimensionInput, LockoutOptions } from '../../../lib/index.js';
import { onEvery } from '../../support/fixtures/ladders.js';
import { ALICE, loginSites, type Visitor } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const BOB = { user: 'bob' };
const ELSEWHERE = { ip: '203.0.113.2' };
const OTHER_AGENT = { agent: 'agent B' };
const OTHER_TRIPLE = { ...BOB, ...ELSEWHERE, ...OTHER_AGENT };

const LIMIT = 3;
const HOUR = { hours: 1 };
const options = (dimensions: readonly DimensionInput[], failures = LIMIT): LockoutOptions => ({
  dimensions,
  tiers: onEvery([{ failures, cooloff: HOUR }]),
});

const IP: readonly DimensionInput[] = ['ip'];
const USER: readonly DimensionInput[] = ['username'];
const PAIR: readonly DimensionInput[] = [['username', 'ip']];
const USER_OR_IP: readonly DimensionInput[] = ['username', 'ip'];

const MATRIX: readonly [title: string, readonly DimensionInput[], Visitor, status: 200 | 429][] = [
  ['A6 by address: refuses the same user from the same address', IP, {}, 429],
  ['A7 by address: lets the same user in from another address', IP, ELSEWHERE, 200],
  ['A8 by address: refuses another user from the same address', IP, BOB, 429],
  ['A9 by address: lets another user in from another address', IP, { ...BOB, ...ELSEWHERE }, 200],
  ['A10 by username: refuses the same user from the same address', USER, {}, 429],
  ['A11 by username: refuses the same user from another address', USER, ELSEWHERE, 429],
  ['A12 by username: lets another user in from the same address', USER, BOB, 200],
  ['A13 by username: lets another user in from another address', USER, { ...BOB, ...ELSEWHERE }, 200],
  ['A14 by pair: refuses the same user from the same address', PAIR, {}, 429],
  ['A15 by pair: lets the same user in from another address', PAIR, ELSEWHERE, 200],
  ['A16 by pair: lets another user in from the same address', PAIR, BOB, 200],
  ['A17 by pair: lets another user in from another address', PAIR, { ...BOB, ...ELSEWHERE }, 200],
  ['A18 by username or address: refuses the same user from the same address', USER_OR_IP, {}, 429],
  ['A19 by username or address: refuses the same user from another address', USER_OR_IP, ELSEWHERE, 429],
  ['A20 by username or address: refuses another user from the same address', USER_OR_IP, BOB, 429],
  ['A21 by username or address: lets another user in from another address', USER_OR_IP, { ...BOB, ...ELSEWHERE }, 200],
];

const COMBINATIONS: readonly [
  title: string,
  readonly DimensionInput[],
  refused: readonly Visitor[],
  free: readonly Visitor[],
][] = [
  [
    'A24 by agent: follows the agent over users and addresses',
    ['userAgent'],
    [BOB, ELSEWHERE, { ...BOB, ...ELSEWHERE }],
    [OTHER_AGENT],
  ],
  [
    'A25 by username or address or agent: refuses by any one of them',
    ['username', 'ip', 'userAgent'],
    [
      { ...ELSEWHERE, ...OTHER_AGENT },
      { ...BOB, ...OTHER_AGENT },
      { ...BOB, ...ELSEWHERE },
    ],
    [OTHER_TRIPLE],
  ],
  [
    'A26 by username and address and agent together: does not hold if any one of them changes',
    [['username', 'ip', 'userAgent']],
    [{}],
    [BOB, ELSEWHERE, OTHER_AGENT],
  ],
  [
    'A27 by address, or username and agent: refuses by the address alone and by the pair alone',
    ['ip', ['username', 'userAgent']],
    [{ ...BOB, ...OTHER_AGENT }, ELSEWHERE],
    [
      { ...ELSEWHERE, ...OTHER_AGENT },
      { ...BOB, ...ELSEWHERE },
    ],
  ],
  [
    'A28 by address and agent, or username and agent: refuses by either pair, but not another agent',
    [
      ['ip', 'userAgent'],
      ['username', 'userAgent'],
    ],
    [BOB, ELSEWHERE],
    [OTHER_AGENT, { ...BOB, ...ELSEWHERE }],
  ],
  [
    'A29 by address and agent: does not hold for another agent',
    [['ip', 'userAgent']],
    [{}, BOB],
    [OTHER_AGENT, { ...BOB, ...OTHER_AGENT }],
  ],
];

const EMPTY_NAMES: readonly [title: string, readonly DimensionInput[]][] = [
  ['A30 by username: does not follow from empty usernames, and the login page is served', USER],
  ['A31 by pair: does not follow from empty usernames, and the login page is served', [['username', 'ip'], 'ip']],
  ['A32 by username or address: does not follow from empty usernames, and the login page is served', USER_OR_IP],
];

describeOnEachStore('A lock', (stores) => {
  const open = loginSites(stores);

  for (const [title, dimensions, visitor, status] of MATRIX) {
    it(title, async () => {
      const site = await open(options(dimensions));
      expect(await site.statuses(LIMIT)).to.deep.equal([401, 401, 429]);

      expect((await site.logIn(visitor)).status).to.equal(status);
    });
  }

  it('A22 by pair: begins at the Nth failure', async () => {
    const site = await open(options(PAIR));

    expect(await site.statuses(LIMIT)).to.deep.equal([401, 401, 429]);
    expect(await site.lockedKeys()).to.deep.equal(['ip=203.0.113.1&username=alice']);
  });

  it('A23 by username: begins at the Nth failure, is lifted by a reset, and never follows from good logins', async () => {
    const site = await open(options(USER));
    expect(await site.statuses(LIMIT)).to.deep.equal([401, 401, 429]);

    await site.lockout.reset({ username: 'alice' });

    for (let login = 0; login < 2 * LIMIT; login += 1) expect((await site.logIn()).status).to.equal(200);
  });

  for (const [title, dimensions, refused, free] of COMBINATIONS) {
    it(title, async () => {
      const site = await open(options(dimensions));
      await site.guess(ALICE, LIMIT);

      for (const visitor of refused) expect((await site.logIn(visitor)).status).to.equal(429);
      for (const visitor of free) expect((await site.logIn(visitor)).status).to.equal(200);
    });
  }

  for (const [title, dimensions] of EMPTY_NAMES) {
    it(title, async () => {
      const site = await open(options(dimensions), {
        before: (lockout) => [
          ...(dimensions.includes('ip') ? [lockout.middleware()] : []),
          (req, res, next) => (req.method === 'GET' ? res.send('the login page') : next()),
        ],
      });
      for (const user of ['', null]) await site.guess({ user }, LIMIT - 1);

      expect(await site.logIn({ method: 'GET' })).to.include({ status: 200, body: 'the login page' });
      expect((await site.logIn()).status).to.equal(200);
      expect(Object.keys(await site.failures()).filter((key) => key.includes('username'))).to.deep.equal([]);
    });
  }

  it('A33 by pair, limit 2: counts user 1 at address 1, user 1 at 2 and user 2 at 1 separately', async () => {
    const site = await open(options(PAIR, 2));
    for (const visitor of [ALICE, ELSEWHERE, BOB]) expect((await site.guess(visitor)).status).to.equal(401);

    expect(await site.failures()).to.deep.equal({
      'ip=203.0.113.1&username=alice': 1,
      'ip=203.0.113.1&username=bob': 1,
      'ip=203.0.113.2&username=alice': 1,
    });
  });

  it('A34 by pair, limit 2: begins for each at its own second failure, while user 2 at address 2 is free', async () => {
    const site = await open(options(PAIR, 2));
    for (const visitor of [ALICE, ELSEWHERE, BOB]) expect((await site.guess(visitor)).status).to.equal(401);
    for (const visitor of [ALICE, ELSEWHERE, BOB]) expect((await site.guess(visitor)).status).to.equal(429);

    expect((await site.logIn({ ...BOB, ...ELSEWHERE })).status).to.equal(200);
  });

  it("A35 by username or address: adds up a user's failures over addresses and holds at a new one", async () => {
    const site = await open(options(USER_OR_IP));
    const statuses: number[] = [];
    for (const ip of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) statuses.push((await site.guess({ ip })).status);

    expect(statuses).to.deep.equal([401, 401, 429]);
    expect((await site.logIn({ ip: '203.0.113.4' })).status).to.equal(429);
    expect((await site.logIn({ ...BOB, ip: '203.0.113.1' })).status).to.equal(200);
  });

  it('A36 by username or address: begins when an address reaches its own limit, and then refuses every user', async () => {
    const site = await open(options(USER_OR_IP));
    const statuses: number[] = [];
    for (const user of ['alice', 'bob', 'carol']) statuses.push((await site.guess({ user })).status);

    expect(statuses).to.deep.equal([401, 401, 429]);
    expect((await site.logIn({ user: 'dave' })).status).to.equal(429);
    expect((await site.logIn({ ...BOB, ...ELSEWHERE })).status).to.equal(200);
  });

  it('A37 by username or address: lets a good login pass below the limit on both sides', async () => {
    const site = await open(options(USER_OR_IP));
    await site.guess(ALICE);
    await site.guess({ ...ALICE, ...ELSEWHERE });
    await site.guess(BOB);

    expect((await site.logIn()).status).to.equal(200);
    expect((await site.logIn({ ...BOB, ...ELSEWHERE })).status).to.equal(200);
  });
});
