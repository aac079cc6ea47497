/**
 * Asks OpenLDAP which texts it takes for one: `npm run build:spec && node .build/spec/subject/facts/collect-openldap.js`.
 *
 * Needs Debian's slapd, whose tool slapdn writes names as the server compares them: uid by caseIgnoreMatch (RFC 4517).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparedTexts, inContext, writeFacts } from './facts.js';

const SCHEMA = ['core', 'cosine'].map((name) => `include /etc/ldap/schema/${name}.schema\n`).join('');
const AT_ONCE = 4_000;

const folder = mkdtempSync(join(tmpdir(), 'facts-openldap-'));
const config = join(folder, 'slapd.conf');
try {
  writeFileSync(config, SCHEMA);
  const classes = new Map<string, string[]>();
  const texts = comparedTexts();
  for (let from = 0; from < texts.length; from += AT_ONCE) {
    const some = texts.slice(from, from + AT_ONCE);
    const compared = execFileSync('/usr/sbin/slapdn', ['-f', config, '-N', ...some.map(toName)], { encoding: 'utf8' });
    // Each ends with where it stands, for it may hold line breaks itself.
    for (const [, name = '', index] of compared.matchAll(/uid=(.*?),cn=(\d+)\n/gs)) {
      const equal = classes.get(name) ?? [];
      equal.push(some[Number(index)] as string);
      classes.set(name, equal);
    }
  }
  const version = execFileSync('dpkg-query', ['-Wf', '$' + '{Version}', 'slapd'], { encoding: 'utf8' });
  writeFacts('openldap-case-ignore-match', `OpenLDAP ${version}, caseIgnoreMatch`, [...classes.values()]);
} finally {
  rmSync(folder, { recursive: true });
}

function toName(text: string, index: number): string {
  const bytes = [...Buffer.from(inContext(text))];
  return `uid=${bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')},cn=${index}`;
}
