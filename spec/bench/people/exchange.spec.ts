import { expect } from 'chai';
import { Exchange } from '../../../bench/people/exchange.js';
import { type Jar, RIGHT } from '../../../bench/people/policy.js';

const exchangeOf = (jar: Jar) => new Exchange({ username: 'alice', ip: '203.0.113.9', jar, ...RIGHT });

describe('a browser of the simulation', () => {
  it('sends the cookies that it has, and none when it has none', () => {
    const { headers } = exchangeOf(new Map(Object.entries({ device: 'abc', session: 'def' })));

    expect(headers).to.include({ cookie: 'device=abc; session=def' });
    expect(exchangeOf(new Map()).headers).to.not.have.property('cookie');
  });

  it('keeps what the response sets, once that has ended', () => {
    const jar: Jar = new Map();
    const { res } = exchangeOf(jar);

    res.setHeader('Set-Cookie', 'session=def; HttpOnly');
    res.appendHeader('set-cookie', '__Host-device=a=b; Path=/; Max-Age=60; Secure');
    const before = jar.size;
    res.end();

    expect(before).to.equal(0);
    expect([...jar]).to.deep.equal([
      ['session', 'def'],
      ['__Host-device', 'a=b'],
    ]);
  });

  it('drops a cookie that the response ends', () => {
    const jar: Jar = new Map([['device', 'abc']]);
    const { res } = exchangeOf(jar);

    res.setHeader('set-cookie', ['device=; Max-Age=0; Path=/']);
    res.end();

    expect([...jar]).to.deep.equal([]);
  });
});
