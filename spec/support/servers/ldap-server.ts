/** A real directory: OpenLDAP's slapd with a configuration and a database of its own, on a free port of the loopback. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../tools/until.js';
import { findOnPath } from './mongo-server/process/find-on-path.js';

const SLAPD = await findOnPath('slapd');
const SLAPADD = await findOnPath('slapadd');
/** Of Debian, Red Hat and Homebrew. */
const SCHEMAS = ['/etc/ldap/schema', '/etc/openldap/schema', '/opt/homebrew/etc/openldap/schema'].find(existsSync);
/** Where databases are modules; elsewhere they are built in. */
const MODULES = ['/usr/lib/ldap', '/usr/lib64/openldap'].find(existsSync);
const BASE = 'dc=example,dc=org';
const ADMIN = { bindDN: `cn=admin,${BASE}`, bindCredentials: 'admin' };

const config = (folder: string) => `
include ${SCHEMAS}/core.schema
include ${SCHEMAS}/cosine.schema
include ${SCHEMAS}/inetorgperson.schema
pidfile ${folder}/slapd.pid
${MODULES ? `modulepath ${MODULES}\nmoduleload back_mdb` : ''}
database mdb
suffix "${BASE}"
rootdn "${ADMIN.bindDN}"
rootpw ${ADMIN.bindCredentials}
directory ${folder}/data
`;

const entry = (uid: string, password: string) => `
dn: uid=${uid},${BASE}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: ${uid}
userPassword: ${password}
`;

export class LdapServer {
  static readonly isInstalled = [SLAPD, SLAPADD, SCHEMAS].every((path) => path !== undefined);
  readonly #folder: string;
  readonly #port: number;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    // -d keeps it in the foreground, so it is this process's child; 256 logs each operation.
    const args = ['-d', '256', '-f', join(folder, 'slapd.conf'), '-h', `ldap://127.0.0.1:${port}`];
    this.#child = spawn(SLAPD as string, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
  }

  /** @param passwords - by user name */
  static async start(passwords: Readonly<Record<string, string>>): Promise<LdapServer> {
    const folder = mkdtempSync(join(tmpdir(), 'lockout-ldap-'));
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'slapd.conf'), config(folder));
    const people = Object.entries(passwords).map(([uid, password]) => entry(uid, password));
    const root = `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: example\ndc: example\n`;
    const added = spawnSync(SLAPADD as string, ['-f', join(folder, 'slapd.conf')], {
      input: [root, ...people].join('\n'),
      encoding: 'utf8',
    });
    if (added.status !== 0) throw new Error(`slapadd failed: ${added.stderr}`);
    const server = new LdapServer(folder, await freePort());
    await server.#isReady();
    return server;
  }

  /** For passport-ldapauth. */
  get options() {
    return { url: `ldap://127.0.0.1:${this.#port}`, ...ADMIN, searchBase: BASE, searchFilter: '(uid={{username}})' };
  }

  /** How often a user's password was really tried. */
  binds(uid: string): number {
    return this.#log.split(`BIND dn="uid=${uid},${BASE}" method=`).length - 1;
  }

  /** The log comes through a pipe: until these binds are in it, and so all that came before. */
  async hasBinds(uid: string, count: number): Promise<void> {
    await until(() => this.binds(uid) >= count);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const closed = once(this.#child, 'close');
      this.#child.kill('SIGTERM');
      await closed;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #isReady(): Promise<void> {
    await until(async () => {
      if (this.#child.exitCode !== null) throw new Error(`slapd ended:\n${this.#log}`);
      return accepts(this.#port);
    }, 'slapd accepts connections');
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
