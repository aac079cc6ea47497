import { expect } from 'chai';
import { AdminDesk, FORM, OWN_FORM } from '../../support/sites/admin-desk.js';

const HOST = 'admin.example.com';
const type = { 'content-type': FORM };

describe('A form sent to the admin pages', () => {
  const ORIGIN = 'https://public.example.com';
  const CASES: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
    ['of the same origin', { 'sec-fetch-site': 'same-origin' }, 303],
    ['of the same origin, though its Origin is null', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 303],
    ['of a sibling domain', { 'sec-fetch-site': 'same-site', origin: `http://${HOST}` }, 403],
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: `http://${HOST}` }, 403],
    ['that no site has caused', { 'sec-fetch-site': 'none', origin: `http://${HOST}` }, 403],
    ['with an empty Sec-Fetch-Site', { 'sec-fetch-site': '', origin: `http://${HOST}` }, 403],
    ['of an old browser with the Origin of this host', { origin: `http://${HOST}` }, 303],
    ['of an old browser with the Origin of this host over https', { origin: `https://${HOST}` }, 303],
    ['with another port in its Origin', { origin: `http://${HOST}:8080` }, 403],
    ['with the Origin of another host', { origin: 'https://evil.example' }, 403],
    ['with an Origin that begins like this host', { origin: `https://${HOST}.evil.example` }, 403],
    ['with this host as user info', { origin: `https://${HOST}@evil.example` }, 403],
    ['with the Origin that is an option', { origin: ORIGIN }, 303],
    ['with the host of that option and another scheme', { origin: 'http://public.example.com' }, 403],
    ['with Origin: null', { origin: 'null' }, 403],
    ['with an empty Origin', { origin: '' }, 403],
    ['with neither header', {}, 403],
  ];
  for (const [what, headers, expected] of CASES) {
    it(`is ${expected === 303 ? 'accepted' : 'refused'} ${what}`, async () => {
      const desk = new AdminDesk({ origin: ORIGIN });
      await desk.lockout.block({ username: 'alice' }, { for: 'forever' });

      const { status } = await desk.post('/unblock', { key: 'username=alice' }, { ...type, host: HOST, ...headers });

      expect(status).to.equal(expected);
      expect(await desk.lockout.status({ username: 'alice' })).to.include({ locked: expected === 403 });
    });
  }

  it('is refused with a page that says why, and shows what was sent as text', async () => {
    const desk = new AdminDesk();
    const headers = { ...type, host: HOST, origin: 'https://evil.example/<script>' };
    const { body } = await desk.post('/theme', {}, headers);
    expect(body).to.include('came from another site').and.include('Nothing was changed').and.not.include('<script>');
  });

  it('is compared with the host of HTTP/2 and without regard to case', async () => {
    const desk = new AdminDesk();
    const headers = { ...type, ':authority': 'ADMIN.example.com', origin: 'https://admin.example.com' };
    expect(await desk.post('/theme', {}, headers)).to.include({ status: 303 });
  });

  for (const contentType of [
    undefined,
    'text/plain',
    'application/json',
    'multipart/form-data; boundary=x',
    `x-${FORM}`,
  ]) {
    it(`is refused with 415 as ${contentType ?? 'nothing'}`, async () => {
      const desk = new AdminDesk();
      const { 'content-type': _, ...others } = OWN_FORM;
      const headers = { ...others, ...(contentType !== undefined && { 'content-type': contentType }) };
      expect(await desk.post('/theme', {}, headers)).to.include({ status: 415 });
    });
  }

  it('may name the character set of its type', async () => {
    const headers = { ...OWN_FORM, 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' };
    expect(await new AdminDesk().post('/theme', {}, headers)).to.include({ status: 303 });
  });
});
