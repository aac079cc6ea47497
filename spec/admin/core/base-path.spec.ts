import { expect } from 'chai';
import { canonicalPath, placeOf, splitTarget } from '../../../lib/admin/core/base-path.js';

describe('The base path of the admin pages', () => {
  for (const [given, expected] of [
    ['/', ''],
    ['/admin', '/admin'],
    ['/admin/', '/admin'],
    ['/a b/x', '/a%20b/x'],
    ['/a%20b/x', '/a%20b/x'],
    ['/\u00fc', '/%C3%BC'],
    ['/a:b@c', '/a%3Ab%40c'],
    ['admin', undefined],
    ['', undefined],
    ['//evil.example', undefined],
    ['/a//b', undefined],
    ['/a/../b', undefined],
    ['/a?b', undefined],
    ['/a#b', undefined],
    ['/%', undefined],
    ['/\ud800', undefined],
    ['https://evil.example/', undefined],
  ] as const) {
    it(`is ${expected === undefined ? 'not' : JSON.stringify(expected)} made of ${JSON.stringify(given)}`, () => {
      expect(canonicalPath(given)).to.equal(expected);
    });
  }

  for (const [what, path, mount, basePath, expected] of [
    ['at the root', '/blocked', '', undefined, { basePath: '', path: '/blocked' }],
    ['at the root by option', '/blocked', '', '', { basePath: '', path: '/blocked' }],
    ['where a router has mounted it', '/blocked', '/admin', undefined, { basePath: '/admin', path: '/blocked' }],
    ['by the option behind a proxy', '/blocked', '/admin', '/public', { basePath: '/public', path: '/blocked' }],
    ['by the option without a router', '/admin/blocked', '', '/admin', { basePath: '/admin', path: '/blocked' }],
    ['at the option itself', '/admin', '', '/admin', { basePath: '/admin', path: '/' }],
    ['at the option with a slash', '/admin/', '', '/admin', { basePath: '/admin', path: '/' }],
    ['in another encoding', '/a%20b/%78/y%2Fz', '', '/a%20b/x', { basePath: '/a%20b/x', path: '/y%2Fz' }],
    ['outside of the option', '/other', '', '/admin', undefined],
    ['where the option is only a beginning', '/administrators', '', '/admin', undefined],
    ['for a mount that names a host', '/blocked', '//evil.example', undefined, undefined],
  ] as const) {
    it(`is found ${what}`, () => {
      expect(placeOf(path, mount, basePath)).to.deep.equal(expected);
    });
  }

  it('is found in a target with a scheme and a host', () => {
    expect(splitTarget('http://h:1/a?b=c?d')).to.deep.equal({ path: '/a', search: 'b=c?d' });
    expect(splitTarget('http://h')).to.deep.equal({ path: '/', search: '' });
    expect(splitTarget('/a')).to.deep.equal({ path: '/a', search: '' });
  });
});
