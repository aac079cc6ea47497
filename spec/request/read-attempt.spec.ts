/** Requests of tests, made from a framework's own prototype: their getters throw, and a login has to work nevertheless. */
import { expect } from 'chai';
import express5 from 'express';
import express4 from 'express4';
import Koa from 'koa';
import { Lockout, type LockoutOptions, trustedProxies } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { guarded, LIMIT_3, right, wrong } from '../support/sites/guarded.js';
import { EventLog } from '../support/tools/events.js';

/** With a body as a parser leaves it, and nothing else. */
function mock(prototype: object): object {
  return Object.create(prototype, { body: { value: { username: 'alice', password: 'x' } } }) as object;
}

/** Everything that a lockout might ask of a request throws. */
function hostile(): object {
  const throwing = {
    get: () => {
      throw new TypeError("Cannot read properties of undefined (reading 'remoteAddress')");
    },
  };
  const names = ['ip', 'ips', 'socket', 'headers', 'method', 'url', 'originalUrl', 'app', 'raw', 'ctx'];
  return Object.defineProperties(mock({}), Object.fromEntries(names.map((name) => [name, throwing])));
}

const REQUESTS: readonly (readonly [what: string, create: () => object])[] = [
  ['Express 4', () => mock(express4.request)],
  ['Express 5', () => mock(express5.request)],
  ['Koa', () => mock(new Koa().request)],
  ['a framework whose getters all throw', hostile],
];
const OPTIONS: readonly (readonly [what: string, options: LockoutOptions])[] = [
  ['by default', { ...LIMIT_3, dimensions: ['username', 'ip'] }],
  ['with trustedProxies', { ...LIMIT_3, dimensions: ['username', 'ip'], clientIp: trustedProxies(['loopback']) }],
];

describe('A request without a socket', () => {
  for (const [framework, create] of REQUESTS) {
    for (const [how, options] of OPTIONS) {
      it(`X24 on ${framework} has no address ${how}, and counts on the username alone`, async () => {
        const lockout = new Lockout(options);
        const events = new EventLog(lockout);

        expect(drive(guarded(right, lockout), create()).actions.map(([name]) => name)).to.deep.equal(['success']);
        const ends = Array.from({ length: 3 }, () => drive(guarded(wrong, lockout), create()).actions[0]);

        expect(ends.map((end) => [end?.[0], end?.[2]])).to.deep.equal([
          ['fail', undefined],
          ['fail', undefined],
          ['fail', 429],
        ]);
        expect((await lockout.list()).items.map(({ parts }) => parts)).to.deep.equal([{ username: 'alice' }]);
        expect(events.of('warning').map(({ code }) => code)).to.include('WARN_LOCKOUT_IP_MISSING');
      });
    }
  }

  it('X24 does not excuse a clientIp that throws: its error is passed on, and nothing is verified', () => {
    let verified = 0;
    const boom = new Error('a bug in clientIp');
    const clientIp = () => {
      throw boom;
    };
    const counting = guarded(
      () => {
        verified += 1;
      },
      { ...LIMIT_3, clientIp },
    );
    expect(drive(counting, mock({})).actions).to.deep.equal([['error', boom]]);
    expect(verified).to.equal(0);
  });
});
