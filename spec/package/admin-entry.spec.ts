/** The admin pages out of the packed package, in a project that has only what they need. */
import { expect } from 'chai';
import { Consumer } from '../support/tools/package/consumer.js';

const USE = `
  const admin = createAdmin(new Lockout(), { authorize: () => ({ actor: 'carol', can: [] }) });
  admin.fetch(new Request('http://localhost/blocked')).then(async (page) => {
    const [style] = /\\/assets\\/app\\.\\w+\\.css/.exec(await page.text());
    const asset = await admin.fetch(new Request('http://localhost' + style));
    console.log(page.status, asset.status, (await asset.text()).includes(':root'));
  });
`;

describe('passport-lockout/admin in the packed package', () => {
  let consumer: Consumer;

  before(async () => {
    consumer = await Consumer.create(['preact', 'preact-render-to-string', '@types/node', 'undici-types']);
  });
  after(() => consumer.remove());

  const LOADERS = [
    ['admin.mjs', `import { Lockout } from 'passport-lockout'; import { createAdmin } from 'passport-lockout/admin';`],
    [
      'admin.cjs',
      `const { Lockout } = require('passport-lockout'); const { createAdmin } = require('passport-lockout/admin');`,
    ],
  ] as const;
  for (const [name, load] of LOADERS) {
    it(`shows a page with its style as ${name}, with no file to find beside it`, async () => {
      const { stdout, stderr } = await consumer.run(name, load + USE);
      expect(stderr).to.equal('');
      expect(stdout).to.equal('200 200 true\n');
    });
  }

  it('takes a lockout of the other module format', async () => {
    const load = `
      import { createRequire } from 'node:module';
      import { Lockout } from 'passport-lockout';
      const { createAdmin } = createRequire(import.meta.url)('passport-lockout/admin');
    `;
    expect(await consumer.run('mixed.mjs', load + USE)).to.include({ stdout: '200 200 true\n', stderr: '' });
  });

  it('has types that compile strictly, as ES module and as CommonJS', async () => {
    const use = `
      import { Lockout } from 'passport-lockout';
      import { createAdmin, type Admin, type Permission } from 'passport-lockout/admin';
      const can: readonly Permission[] = ['unblock'];
      export const admin: Admin = createAdmin(new Lockout(), {
        authorize: async (req) => req.headers.authorization === 'x' && { actor: 'carol', can },
      });
      export const other = createAdmin(new Lockout(), { authorize: (req: { readonly user?: string }) => req.user ? { actor: req.user, can } : false });
    `;
    expect(await consumer.compile({ 'use.mts': use, 'use.cts': use })).to.equal('');
  });
});
