/**
 * Asks PostgreSQL which texts it takes for one: `npm run build:spec && node .build/spec/subject/facts/collect-postgresql.js`.
 *
 * Needs Debian's postgresql and, for the locales of libc, locales. The server has a folder of its own and no port; it
 * does not run as root, so it is started as the user postgres.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparedTexts, inContext, writeFacts } from './facts.js';

const INSTALLED = '/usr/lib/postgresql';
const LOCALES = ['en_US', 'tr_TR'];
/** What is grouped by; citext is `lower()`, too. */
const COMPARISONS = [
  { name: 'icu-level1', expression: 'text collate level1', about: 'ICU, und-u-ks-level1, nondeterministic' },
  { name: 'icu-level2', expression: 'text collate level2', about: 'ICU, und-u-ks-level2, nondeterministic' },
  { name: 'libc-lower', expression: 'lower(text collate "en_US")', about: 'lower() in en_US.utf8 of libc' },
  { name: 'libc-lower-turkish', expression: 'lower(text collate "tr_TR")', about: 'lower() in tr_TR.utf8 of libc' },
];

const folder = mkdtempSync(join(tmpdir(), 'facts-postgresql-'));
const programs = join(INSTALLED, readdirSync(INSTALLED).sort().at(-1) as string, 'bin');
const env = { ...process.env, LOCPATH: folder, LC_ALL: 'C.UTF-8' };

function asPostgres(program: string, ...args: string[]): void {
  execFileSync(
    'setpriv',
    ['--reuid=postgres', '--regid=postgres', '--clear-groups', join(programs, program), ...args],
    {
      env,
      stdio: 'ignore',
    },
  );
}

function ask(sql: string): string {
  const args = ['-h', folder, '-U', 'postgres', '-qAtX', '-v', 'ON_ERROR_STOP=1'];
  return execFileSync('psql', args, { input: sql, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

try {
  const { uid, gid } = idsOfPostgres();
  chownSync(folder, uid, gid);
  for (const locale of LOCALES) {
    execFileSync('localedef', ['-i', locale, '-f', 'UTF-8', join(folder, `${locale}.utf8`)]);
  }
  asPostgres('initdb', '-D', join(folder, 'data'), '-E', 'UTF8', '-U', 'postgres', '-A', 'trust');
  const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off -c work_mem=256MB`;
  asPostgres('pg_ctl', 'start', '-w', '-D', join(folder, 'data'), '-o', settings, '-l', join(folder, 'log'));

  const texts = comparedTexts();
  const file = join(folder, 'texts.tsv');
  writeFileSync(
    file,
    texts.map((text, id) => `${id}\t\\\\x${Buffer.from(inContext(text)).toString('hex')}\n`).join(''),
  );
  chmodSync(file, 0o644);
  const collations = LOCALES.map(
    (locale) => `create collation "${locale}" (provider = libc, locale = '${locale}.utf8');`,
  );
  ask(`create collation level1 (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
    create collation level2 (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    ${collations.join('\n')}
    create table texts (id int primary key, bytes bytea, text text);
    \\copy texts (id, bytes) from '${file}'
    update texts set text = convert_from(bytes, 'UTF8');`);
  const version = ask('show server_version').trim();
  for (const { name, expression, about } of COMPARISONS) {
    const answer = ask(
      `select string_agg(id::text, ',' order by id) from texts group by ${expression} order by min(id)`,
    );
    const classes = answer.trim().split('\n');
    writeFacts(
      `postgresql-${name}`,
      `PostgreSQL ${version}, ${about}`,
      classes.map((ids) => ids.split(',').map((id) => texts[Number(id)] as string)),
    );
  }
} finally {
  asPostgres('pg_ctl', 'stop', '-m', 'immediate', '-D', join(folder, 'data'));
  rmSync(folder, { recursive: true });
}

function idsOfPostgres(): { uid: number; gid: number } {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
