/**
 * Makes `scripts.generated.ts` out of the Lua scripts: resolves `--- @include "room/name"`, writes constants (`local NAME = 1`) where
 * they are used, drops comments, and writes once what several scripts include. A module loads with every bundler, with no file to
 * find beside it; and a constant would be made anew in each call, for every function that uses it. For the same reason, what only
 * few calls need is included inside the function or the block that needs it: a call makes all functions of the script that it
 * comes by.
 */
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');

const INCLUDE = /^\s*--- @include "(?<name>[\w/-]+)"$/;
const CONSTANT = /^local (?<name>[A-Z][A-Z0-9_]*) = (?<value>\d+)$/;
// A string stays as it is: 'LIMIT' is no constant.
const STRING_OR_NAME = /'[^']*'|\b[A-Z][A-Z0-9_]*\b/g;
const COMMENT_OR_EMPTY = /^\s*(?:--.*)?$/;

function linesOf(file) {
  return readFileSync(file, 'utf8').split('\n');
}

/** Returns the script as a list of runs of lines, each of one file. */
function runsOf(file, within = []) {
  if (within.includes(file)) throw new Error(`${file} includes itself, by way of ${within.at(-1)}`);
  const runs = [{ file, lines: [] }];
  for (const line of linesOf(file)) {
    const { name } = INCLUDE.exec(line)?.groups ?? {};
    if (name === undefined && line.includes('@include'))
      throw new Error(`${file}: expected --- @include "room/name", got ${line}`);
    if (name === undefined) runs.at(-1).lines.push(line);
    else runs.push(...runsOf(join(__dirname, 'include', `${name}.lua`), [...within, file]), { file, lines: [] });
  }
  return runs;
}

/** Returns the same runs without comments, with the values of all constants of the script. */
function bundle(file) {
  const runs = runsOf(file);
  const constants = new Map();
  for (const line of runs.flatMap(({ lines }) => lines)) {
    const { name, value } = CONSTANT.exec(line)?.groups ?? {};
    if (name === undefined) continue;
    // A constant has one value in all of a script, whatever block it stands in.
    const other = constants.get(name) ?? value;
    if (other !== value) throw new Error(`${file}: expected one value of ${name}, got ${other} and ${value}`);
    constants.set(name, value);
  }
  const short = (lines) =>
    lines
      .filter((line) => !COMMENT_OR_EMPTY.test(line) && !CONSTANT.test(line))
      .map((line) => line.trimStart().replace(STRING_OR_NAME, (word) => constants.get(word) ?? word))
      .join('\n');
  return runs.map((run) => ({ file: run.file, text: short(run.lines) })).filter(({ text }) => text !== '');
}

/** Names the runs that several scripts include, since they are there once. */
function sharedRuns(scripts) {
  const names = new Map();
  const once = new Set();
  for (const { file, text } of scripts.flatMap(({ runs }) => runs)) {
    if (!once.has(text)) once.add(text);
    else if (!names.has(text)) names.set(text, nameFor(file, [...names.values()]));
  }
  return names;
}

function nameFor(file, taken) {
  const name = basename(file, '.lua').toUpperCase().replaceAll('-', '_');
  return taken.includes(name) ? `${name}_${taken.filter((other) => other.startsWith(name)).length + 1}` : name;
}

const scripts = readdirSync(__dirname)
  .filter((name) => name.endsWith('.lua'))
  .sort()
  .map((name) => ({ name: basename(name, '.lua'), runs: bundle(join(__dirname, name)) }));
const shared = sharedRuns(scripts);
const constants = [...shared].map(([text, name]) => `const ${name} = ${JSON.stringify(text)};\n`);
const members = scripts.map(({ name, runs }) => {
  const parts = runs.map(({ text }) => shared.get(text) ?? JSON.stringify(text));
  return `  ${name}: [${parts.join(', ')}].join('\\n'),\n`;
});

const head = '/** Made by scripts/bundle.cjs from the Lua files beside it: change those. */\n';
writeFileSync(
  join(__dirname, '..', 'scripts.generated.ts'),
  `${head}${constants.join('')}export const SCRIPTS = {\n${members.join('')}};\n`,
);
