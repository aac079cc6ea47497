/** The admin pages in every framework, over real HTTP: mounted, behind body parsers, and beside the routes of an application. */
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createAdmin } from '../../../lib/admin/index.js';
import { Lockout } from '../../../lib/index.js';
import type { FrameworkApp } from '../../frameworks/contract.js';
import { type Fields, OPERATOR, toForm, valuesOf } from '../../support/sites/admin-desk.js';
import { stillStore } from '../../support/stores/still-store.js';
import { FRAMEWORKS, MOUNT } from './starts.js';

for (const [name, { start, parses = false }] of Object.entries(FRAMEWORKS)) {
  describe(`The admin pages on ${name}`, () => {
    let lockout: Lockout;
    let app: FrameworkApp;
    let origin: string;

    beforeEach(async () => {
      lockout = new Lockout({ store: stillStore() });
      app = await start((options = {}) => createAdmin(lockout, { authorize: () => OPERATOR, ...options }));
      origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      await app.close();
      await lockout.close();
    });

    const get = (path: string, method = 'GET') => fetch(origin + path, { method, redirect: 'manual' });
    const post = (path: string, form: Fields, from = origin) =>
      fetch(origin + path, { method: 'POST', redirect: 'manual', headers: { origin: from }, body: toForm(form) });

    it('begin at their mount, with and without a slash', async () => {
      for (const path of [MOUNT, `${MOUNT}/`]) {
        const response = await get(path);
        expect(response.status).to.be.oneOf([200, 303]);
        if (response.status === 303) expect(response.headers.get('location')).to.equal(`${MOUNT}/blocked`);
      }
    });

    it('have links and assets that lead to them', async () => {
      const page = await (await get(`${MOUNT}/blocked?order=key`)).text();
      const links = [...valuesOf(page, 'href'), ...valuesOf(page, 'src'), ...valuesOf(page, 'action')];
      const local = links.filter((link) => link !== '#main');
      expect(local.filter((link) => !link.startsWith(`${MOUNT}/`))).to.deep.equal([]);
      for (const asset of local.filter((link) => link.includes('/assets/'))) {
        const response = await get(asset);
        expect(response.status).to.equal(200);
        expect(response.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
        expect((await response.arrayBuffer()).byteLength).to.equal(Number(response.headers.get('content-length')));
      }
    });

    it('replace the headers of the application, and keep its cookies', async () => {
      const { headers } = await get(`${MOUNT}/blocked`);
      expect(headers.get('content-security-policy')).to.match(/^default-src 'none'; [^,]+$/);
      expect(headers.get('referrer-policy')).to.equal('same-origin');
      expect(headers.get('cache-control')).to.equal('no-store');
      const before = headers.getSetCookie();
      const after = (await post(`${MOUNT}/theme`, { theme: 'dark' })).headers.getSetCookie();
      expect(after.slice(0, -1)).to.deep.equal(before);
      expect(after.at(-1)).to.match(/^lockout-theme=dark; Path=\/a%20b\/x;/);
    });

    it('answer HEAD without a body', async () => {
      const head = await get(`${MOUNT}/blocked`, 'HEAD');
      expect(head.status).to.equal(200);
      expect(await head.text()).to.equal('');
    });

    it('read a form, whatever is in it', async () => {
      const names = ['a+b c&d=e', '%00%2F', 'x[y]=z', '\u{1f600}', 'a/../b', '<b>'];
      const blocked = names.map((username) => lockout.block({ username }, { for: 'forever' }));
      const keys = (await Promise.all(blocked)).map(({ key }) => key);
      const form = [...keys.map((key) => ['key', key] as const), ['to', '/blocked'] as const];

      const { status, headers } = await post(`${MOUNT}/unblock`, form);

      expect(status).to.equal(303);
      expect(headers.get('location')).to.equal(`${MOUNT}/blocked?notice=unblocked&count=${names.length}`);
      expect((await lockout.list()).items).to.deep.equal([]);
    });

    it('read a selection of a whole page', async () => {
      const blocked = Array.from({ length: 60 }, (_, n) =>
        lockout.block({ username: `user ${n}` }, { for: 'forever' }),
      );
      const keys = (await Promise.all(blocked)).map(({ key }) => ['key', key] as const);

      const { headers } = await post(`${MOUNT}/unblock`, keys);

      expect(headers.get('location')).to.include('count=60');
      expect((await lockout.list()).items).to.deep.equal([]);
    });

    it('refuse a form of another site', async () => {
      await lockout.block({ username: 'alice' }, { for: 'forever' });
      const form = { key: 'username=alice' };
      for (const from of ['https://evil.example', 'null']) {
        expect((await post(`${MOUNT}/unblock`, form, from)).status).to.equal(403);
      }
      expect(await lockout.status({ username: 'alice' })).to.include({ locked: true });
    });

    if (!parses) {
      it('refuse a form of more than 64 KB', async () => {
        const { status } = await post(`${MOUNT}/unblock`, { key: 'x'.repeat(65_536) });
        expect(status).to.equal(413);
      });
    }

    it('answer what is not there with a page of their own', async () => {
      const response = await get(`${MOUNT}/nothing%2F..%00`);
      expect(response.status).to.equal(404);
      expect(await response.text()).to.include('Page not found · Lockout');
    });

    if (name !== 'node:http') {
      it('leave other paths to the application', async () => {
        expect(await (await get('/elsewhere')).text()).to.not.include('Lockout');
      });
    }
  });
}
