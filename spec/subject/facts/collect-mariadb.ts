/**
 * Asks MariaDB which texts it takes for one: `npm run build:spec && node .build/spec/subject/facts/collect-mariadb.js`.
 *
 * Needs Debian's mariadb-server-core and mariadb-client-core. The server has a folder of its own and no port.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/tools/until.js';
import { comparedTexts, inContext, writeFacts } from './facts.js';

/** The default of MariaDB up to 11.5; of older MySQL and of WordPress; of the Unicode versions since. */
const COLLATIONS = [
  'utf8mb4_general_ci',
  'utf8mb4_unicode_ci',
  'utf8mb4_unicode_520_ci',
  'uca1400_ai_ci',
  'uca1400_as_ci',
];

const folder = mkdtempSync(join(tmpdir(), 'facts-mariadb-'));
const socket = join(folder, 'socket');
const server = spawn('/usr/sbin/mariadbd', [
  '--no-defaults',
  '--user=root',
  '--skip-networking',
  '--skip-grant-tables',
  `--datadir=${folder}`,
  `--socket=${socket}`,
]);

function ask(sql: string): string {
  const options = ['--no-defaults', `--socket=${socket}`, '--default-character-set=utf8mb4', '--local-infile=1', '-NB'];
  return execFileSync('mariadb', options, { input: sql, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

try {
  await until(() => existsSync(socket));
  const texts = comparedTexts();
  const rows = texts.map((text, id) => `${id}\t${Buffer.from(inContext(text)).toString('hex')}\n`);
  writeFileSync(join(folder, 'texts.tsv'), rows.join(''));
  ask(`create database facts; create table facts.texts (id int primary key, text varchar(9) charset utf8mb4);
    load data local infile '${join(folder, 'texts.tsv')}' into table facts.texts (id, @hex)
      set text = convert(unhex(@hex) using utf8mb4);`);
  const version = ask('select version()').trim();
  for (const collation of COLLATIONS) {
    const answer = ask(`set session group_concat_max_len = 100000000;
      select group_concat(id order by id) from facts.texts group by text collate ${collation} order by min(id)`);
    const classes = answer.trim().split('\n');
    writeFacts(
      `mariadb-${collation}`,
      `MariaDB ${version}, ${collation}`,
      classes.map((ids) => ids.split(',').map((id) => texts[Number(id)] as string)),
    );
  }
} finally {
  server.kill();
  await once(server, 'exit');
  rmSync(folder, { recursive: true });
}
