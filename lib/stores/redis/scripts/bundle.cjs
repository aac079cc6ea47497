/**
 * Makes `scripts.generated.ts` out of the Lua scripts: resolves `--- @include "room/name"`, writes constants (`local NAME = 1`) where
 * they are used, and drops comments. A module loads with every bundler, with no file to find beside it; and a constant would be
 * made anew in each call, for every function that uses it. For the same reason, what only few calls need is included inside the
 * function or the block that needs it: a call makes all functions of the script that it comes by.
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

function linesWithIncludes(file, within = []) {
  if (within.includes(file)) throw new Error(`${file} includes itself, by way of ${within.at(-1)}`);
  return linesOf(file).flatMap((line) => {
    const { name } = INCLUDE.exec(line)?.groups ?? {};
    if (name === undefined && line.includes('@include'))
      throw new Error(`${file}: expected --- @include "room/name", got ${line}`);
    if (name === undefined) return [line];
    return linesWithIncludes(join(__dirname, 'include', `${name}.lua`), [...within, file]);
  });
}

function bundle(file) {
  const lines = linesWithIncludes(file);
  const constants = new Map();
  for (const line of lines) {
    const { name, value } = CONSTANT.exec(line)?.groups ?? {};
    if (name === undefined) continue;
    // A constant has one value in all of a script, whatever block it stands in.
    const other = constants.get(name) ?? value;
    if (other !== value) throw new Error(`${file}: expected one value of ${name}, got ${other} and ${value}`);
    constants.set(name, value);
  }
  return lines
    .filter((line) => !COMMENT_OR_EMPTY.test(line) && !CONSTANT.test(line))
    .map((line) => line.trimStart().replace(STRING_OR_NAME, (word) => constants.get(word) ?? word))
    .join('\n');
}

const scripts = readdirSync(__dirname)
  .filter((name) => name.endsWith('.lua'))
  .sort()
  .map((name) => `  ${basename(name, '.lua')}: ${JSON.stringify(bundle(join(__dirname, name)))},\n`);

const head = '/** Made by scripts/bundle.cjs from the Lua files beside it: change those. */\n';
writeFileSync(
  join(__dirname, '..', 'scripts.generated.ts'),
  `${head}export const SCRIPTS = {\n${scripts.join('')}} as const;\n`,
);
