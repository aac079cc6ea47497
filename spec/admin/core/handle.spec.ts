import { expect } from 'chai';
import { text } from '../../../lib/admin/core/respond.js';
import type { AdminResponse, Route } from '../../../lib/admin/core/types.js';
import { LockoutStoreError, MemoryStore } from '../../../lib/index.js';
import { AdminDesk, OWN_FORM, textOf, valuesOf } from '../../support/sites/admin-desk.js';

const route = (handle: Route['handle'], method: Route['method'] = 'GET'): Route => ({
  method,
  path: '/try',
  permission: 'look',
  handle,
});

describe('The core of the admin pages', () => {
  it('answers HEAD as GET, with the same headers and without a body', async () => {
    const desk = new AdminDesk();
    const get = await desk.send('/blocked');
    const head = await desk.send('/blocked', { method: 'HEAD' });
    expect(head).to.deep.equal({ ...get, body: '' });
  });

  it('answers an unknown path with a page that leads back', async () => {
    const { status, body } = await new AdminDesk({ mount: '/m' }).send('/nothing');
    expect(status).to.equal(404);
    expect(body).to.include('<h1>Page not found</h1>').and.include('href="/m/"');
  });

  for (const [path, method, allow] of [
    ['/blocked', 'POST', 'GET, HEAD'],
    ['/blocked', 'DELETE', 'GET, HEAD'],
    ['/theme', 'GET', 'POST'],
    ['/unblock', 'PUT', 'GET, HEAD, POST'],
  ] as const) {
    it(`answers ${method} ${path} with 405 and what it accepts`, async () => {
      const { status, headers } = await new AdminDesk().send(path, { method, headers: OWN_FORM });
      expect(status).to.equal(405);
      expect(headers).to.include({ Allow: allow });
    });
  }

  it('answers with 503 and in words if the store fails', async () => {
    const store = new MemoryStore();
    store.list = () => {
      throw new Error('connection refused by 10.0.0.7');
    };
    const desk = new AdminDesk({ store });
    const { status, body } = await desk.send('/blocked');
    expect(status).to.equal(503);
    expect(textOf(String(body)))
      .to.include('The store does not answer')
      .and.not.include('10.0.0.7');
    expect(desk.errors).to.deep.equal([]);
  });

  it('says so if the store fails between two subjects', async () => {
    const store = new MemoryStore();
    const desk = new AdminDesk({ store });
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    const reset = store.reset.bind(store);
    store.reset = (key) => {
      if (key === 'username=bob') throw new Error('gone');
      return reset(key);
    };
    const { status, body } = await desk.post('/unblock', [
      ['key', 'username=alice'],
      ['key', 'username=bob'],
    ]);
    expect(status).to.equal(503);
    expect(body).to.include('The store failed after 1 of 2 were unblocked.');
  });

  it('answers with 400 what no method of the lockout accepts', async () => {
    const { status, body } = await new AdminDesk().post('/unblock', { key: 'nonsense' });
    expect(status).to.equal(400);
    expect(body).to.include('expected a key such as username=alice');
  });

  it('answers a mistake of a page with 500, keeps it to itself and reports it', async () => {
    const mistake = new Error('a secret');
    const desk = new AdminDesk({
      routes: [
        route(() => {
          throw mistake;
        }),
      ],
    });
    const { status, body } = await desk.send('/try');
    expect(status).to.equal(500);
    expect(body).to.not.include('a secret');
    expect(desk.errors).to.deep.equal([mistake]);
  });

  it('answers with 503 an error of a store of another copy of the package', async () => {
    const foreign = Object.assign(new Error('no answer'), { code: 'ERR_LOCKOUT_STORE_TIMEOUT' });
    expect(foreign).not.to.be.instanceOf(LockoutStoreError);
    const desk = new AdminDesk({ routes: [route(() => Promise.reject(foreign))] });
    expect(await desk.send('/try')).to.include({ status: 503 });
  });

  describe('gives every answer its headers', () => {
    const ANSWERS: Readonly<Record<string, (desk: AdminDesk) => Promise<AdminResponse>>> = {
      'a page': (desk) => desk.send('/blocked'),
      'a page that is missing': (desk) => desk.send('/nothing'),
      'a redirect': (desk) => desk.post('/theme', {}),
      'a refused form': (desk) => desk.post('/theme', {}, {}),
      'a refused person': () => new AdminDesk({ authorize: () => false }).send('/blocked'),
      'a mistake of the application': () => new AdminDesk({ authorize: () => 1 as never }).send('/blocked'),
    };
    for (const [what, ask] of Object.entries(ANSWERS)) {
      it(`as ${what}`, async () => {
        const { headers, body } = await ask(new AdminDesk());
        expect(headers).to.include({
          'Cache-Control': 'no-store',
          'Content-Security-Policy':
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'same-origin',
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Content-Length': String(Buffer.byteLength(String(body))),
        });
        expect(headers['Content-Type']).to.match(/^text\/(?:html|plain); charset=utf-8$/);
      });
    }
  });

  it('has no inline script, no inline style and no foreign host on its pages', async () => {
    const desk = new AdminDesk();
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    for (const target of ['/blocked', '/unblock?key=username%3Dalice', '/nothing']) {
      const page = await desk.get(target);
      expect(page).to.not.match(/<style|\sstyle=|\son\w+=|<script(?![^>]* src="\/assets\/)|javascript:|https?:\/\//);
    }
  });

  it('serves assets under the hash of their content, to be kept forever', async () => {
    const desk = new AdminDesk({ mount: '/m' });
    const page = await desk.get('/blocked');
    const assets = [...valuesOf(page, 'href'), ...valuesOf(page, 'src')].filter((link) => link.includes('/assets/'));
    expect(assets).to.have.length(3);
    for (const asset of assets) {
      expect(asset).to.match(/^\/m\/assets\/\w+\.[0-9a-f]{16}\.(?:css|js|svg)$/);
      const { status, headers } = await desk.send(asset.slice(2));
      expect(status).to.equal(200);
      expect(headers).to.include({ 'Cache-Control': 'public, max-age=31536000, immutable' });
      const type = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }[asset.split('.')[2] as 'css'];
      expect(headers['Content-Type']).to.include(type);
    }
  });

  it('does not find an asset of another version', async () => {
    expect(await new AdminDesk().send('/assets/app.0123456789abcdef.css')).to.include({ status: 404 });
  });

  it('changes nothing by GET', async () => {
    const desk = new AdminDesk();
    await desk.lockout.block({ username: 'alice' }, { for: 'forever' });
    const before = await desk.lockout.status({ username: 'alice' });
    for (const target of [
      '/unblock?key=username%3Dalice',
      '/unblock/confirm?key=username%3Dalice',
      '/theme?theme=dark',
    ]) {
      await desk.send(target, { headers: OWN_FORM });
    }
    expect(await desk.lockout.status({ username: 'alice' })).to.deep.equal(before);
  });

  it('reads the form only after every check', async () => {
    let reads = 0;
    const desk = new AdminDesk({ routes: [route(({ form }) => text(200, String(form)), 'POST')] });
    const request = (headers: Readonly<Record<string, string>>) => ({
      method: 'POST',
      path: '/try',
      basePath: '',
      query: new URLSearchParams(),
      header: (name: string) => headers[name],
      readForm: async () => {
        reads += 1;
        return new URLSearchParams('a=1');
      },
      raw: {},
      signal: new AbortController().signal,
    });
    await desk.core.handle(request({}));
    await desk.core.handle(request({ ...OWN_FORM, 'content-type': 'text/plain' }));
    expect(reads).to.equal(0);
    expect(await desk.core.handle(request(OWN_FORM))).to.include({ body: 'a=1' });
  });
});

describe('The theme of the admin pages', () => {
  it('is kept in a cookie of the pages, and leads back to the same page', async () => {
    const desk = new AdminDesk({ mount: '/a%20b' });
    const { status, headers } = await desk.post('/theme', { theme: 'dark', to: '/blocked?order=key' });
    expect(status).to.equal(303);
    expect(headers).to.include({ Location: '/a%20b/blocked?order=key' });
    expect(headers['Set-Cookie']).to.match(/^lockout-theme=dark; Path=\/a%20b; .*SameSite=Lax; HttpOnly$/);
    const page = await desk.get('/blocked', { cookie: `x=1; ${headers['Set-Cookie']?.split(';')[0]}` });
    expect(page).to.include('<html lang="en" data-theme="dark">');
  });

  for (const cookie of [undefined, 'lockout-theme=system', 'lockout-theme="><script>', 'not-lockout-theme=dark']) {
    it(`is that of the system with the cookie ${cookie ?? 'missing'}`, async () => {
      const page = await new AdminDesk().get('/blocked', cookie === undefined ? {} : { cookie });
      expect(page).to.include('<html lang="en"><head>');
    });
  }

  for (const to of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/../../logout',
    '/blocked/../../logout',
    '/%2e%2e/logout',
    '/blocked//',
    '/中',
    '/\0',
    '',
  ]) {
    it(`leads to the first page and not to ${JSON.stringify(to)}`, async () => {
      const { headers } = await new AdminDesk().post('/theme', { to });
      expect(headers).to.include({ Location: '/' });
    });
  }
});
