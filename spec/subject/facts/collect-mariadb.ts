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
import { assignedCharacters, comparedTexts, type EqualTexts, inContext, WRITTEN_OUT, writeFacts } from './facts.js';

/** The default of MariaDB up to 11.5; of older MySQL and of WordPress; of the Unicode versions since. */
const COLLATIONS = [
  'utf8mb4_general_ci',
  'utf8mb4_unicode_ci',
  'utf8mb4_unicode_520_ci',
  'uca1400_ai_ci',
  'uca1400_as_ci',
];

/** Those with a table of weights for what is written with several letters. */
const WITH_WEIGHTS = ['utf8mb4_unicode_ci', 'utf8mb4_unicode_520_ci', 'uca1400_ai_ci'];
const HEX_DIGITS = 4;
/** The first of two weights of what is in no table: the code point's upper bits (UTS #10, section 10.1.3). */
const IMPLICIT = /^FB/;

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

function load(table: string, texts: readonly string[]): void {
  const rows = texts.map((text, id) => `${id}\t${Buffer.from(text).toString('hex')}\n`);
  writeFileSync(join(folder, 'texts.tsv'), rows.join(''));
  ask(`create table facts.${table} (id int primary key, text varchar(32) charset utf8mb4);
    load data local infile '${join(folder, 'texts.tsv')}' into table facts.${table} (id, @hex)
      set text = convert(unhex(@hex) using utf8mb4);`);
}

/** Each character with several weights, and the letters that have one of them each. */
function writtenOut(characters: readonly string[], collation: string): readonly EqualTexts[] {
  const answer = ask(`select id, hex(weight_string(text collate ${collation})) from facts.characters order by id`);
  const letters = new Map<string, string>();
  const several: (readonly [character: string, weights: readonly string[]])[] = [];
  for (const [, id, digits = ''] of answer.matchAll(/^(\d+)\t(.*)$/gm)) {
    const character = characters[Number(id)] as string;
    const weights = digits.match(new RegExp(`.{${HEX_DIGITS}}`, 'g')) ?? [];
    const isImplicit = weights.length === 2 && IMPLICIT.test(digits);
    if (weights.length > 1 && !isImplicit) several.push([character, weights]);
    else if (!letters.has(digits)) letters.set(digits, character);
  }
  return several.map(([character, weights]) => [character, toLetters(weights, letters)]);
}

function toLetters(weights: readonly string[], letters: ReadonlyMap<string, string>): string {
  let text = '';
  for (let at = 0; at < weights.length; at += 1) {
    const weight = weights[at] as string;
    const digits = IMPLICIT.test(weight) ? `${weight}${weights[++at]}` : weight;
    const letter = letters.get(digits);
    if (letter === undefined) throw new Error(`no letter has the weight ${digits}`);
    text += letter;
  }
  return text;
}

try {
  await until(() => existsSync(socket));
  const version = ask('create database facts; select version()').trim();
  const characters = assignedCharacters();
  load('characters', characters);
  const pairs = WITH_WEIGHTS.flatMap((collation) => writtenOut(characters, collation));
  const known = new Map(pairs.map((pair) => [pair.join(' '), pair]));
  writeFacts(WRITTEN_OUT, `MariaDB ${version}, what ${WITH_WEIGHTS.join(', ')} have several weights for`, [
    ...known.values(),
  ]);
  const texts = comparedTexts();
  load('texts', texts.map(inContext));
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
