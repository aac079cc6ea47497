/**
 * Makes `scripts.generated.ts` out of the Lua scripts: resolves `--- @include "name"`, each once, and drops comments. A package
 * loads on any bundler that way, with no file to find beside its code.
 */
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');

const INCLUDE = /^--- @include "(?<name>[\w-]+)"$/;
const COMMENT_OR_EMPTY = /^\s*(?:--.*)?$/;

function linesOf(file) {
  return readFileSync(file, 'utf8').split('\n');
}

function bundle(file) {
  const lines = linesOf(file).flatMap((line) => {
    const { name } = INCLUDE.exec(line)?.groups ?? {};
    return name === undefined ? [line] : linesOf(join(__dirname, 'include', `${name}.lua`));
  });
  return lines
    .filter((line) => !COMMENT_OR_EMPTY.test(line))
    .map((line) => line.trimStart())
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
