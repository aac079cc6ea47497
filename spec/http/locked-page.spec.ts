/** The built-in page, as a browser gets it. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { type Answer, type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';

describe('builtInPage', () => {
  let app: LoginApp;

  async function pageOf(options: LockoutOptions = {}, language = 'en'): Promise<Answer> {
    const lockout = new Lockout({ onLocked: 'respond', ...options });
    await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
    app = await startLoginApp({
      strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) },
      before: [(_req, res, next) => next(void res.setHeader('Content-Security-Policy', "script-src 'self'"))],
    });
    return app.request('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/html', 'accept-language': language },
      body: JSON.stringify({ username: 'alice', password: 'x' }),
    });
  }

  afterEach(() => app.close());

  it('X45 allows its own style by hash and nothing else, whatever policy the application has', async () => {
    const { body, headers } = await pageOf();
    const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');

    expect(headers.get('content-security-policy')).to.equal(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
  });

  it('X45 has no code, no style on an element, no address of another host, and does not reload', async () => {
    const { body } = await pageOf({ respondWith: { backTo: '/login' } });

    expect(body).not.to.match(/<script|<link|<img|<form| style=| on\w+=|javascript:|\/\/|url\(|@import|http-equiv/i);
  });

  it('X45 is smaller than 3 KiB', async () => {
    const { body } = await pageOf({ respondWith: { backTo: '/login' } });

    expect(Buffer.byteLength(body)).to.be.below(3_072);
  });

  it('X45 has a language, a direction, one heading, a landmark, and a drawing hidden from screen readers', async () => {
    const { body } = await pageOf({}, 'fa');

    expect(body).to.include('<html lang="fa" dir="rtl">');
    expect(body.match(/<h1>/g)).to.have.length(1);
    expect(body.match(/<main>/g)).to.have.length(1);
    expect(body).to.match(/<svg [^>]*aria-hidden="true"/);
  });

  it('X45 links back to backTo, in the language of the page, and has no link by default', async () => {
    const { body } = await pageOf({ respondWith: { backTo: '/login?next=/a&b="c"' } }, 'de');
    await app.close();

    expect(body).to.include('<a href="/login?next=/a&#38;b=&#34;c&#34;">Zurück</a>');
    expect((await pageOf()).body).not.to.include('<a ');
  });

  it('X45 has readable colours in light and in dark mode', async () => {
    const { body } = await pageOf();
    const schemes = [...body.matchAll(/:root\{([^}]*)\}/g)].map(([, colours]) =>
      Object.fromEntries((colours as string).split(';').map((pair) => pair.split(':'))),
    );

    expect(schemes).to.have.length(2);
    for (const scheme of schemes) {
      for (const [front, back, least] of [
        ['--text', '--card', 7],
        ['--soft', '--card', 4.5],
        ['--on', '--link', 4.5],
        ['--mark', '--tint', 3],
        ['--link', '--card', 3],
      ] as const) {
        expect(contrast(scheme[front], scheme[back]), `${front} on ${back}`).to.be.at.least(least);
      }
    }
  });
});

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
