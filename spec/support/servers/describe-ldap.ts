import { leaveOut } from '../tools/left-out.js';
import { LdapServer } from './ldap-server.js';

/**
 * `describe` for specs that need a directory server. Where none is installed they are left out, except under `CI`, where a
 * run that quietly left them out would count as passed.
 */
export function describeLdap(title: string, body: () => void): void {
  const suite = describe(title, () => {
    before('has a directory server', () => {
      if (!LdapServer.isInstalled) throw new Error('CI is set and slapd is not installed: apt-get install slapd');
    });
    body();
  });
  if (!LdapServer.isInstalled && !process.env['CI']) {
    leaveOut(suite, { lack: 'slapd', remedy: 'apt-get install slapd' });
  }
}
