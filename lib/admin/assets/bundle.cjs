/**
 * Makes `assets.generated.ts` out of the styles and scripts beside this file: a module loads with every bundler, with no file to
 * find beside it. The hash of the content is part of each address. The version is there for the same reason.
 */
const { createHash } = require('node:crypto');
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const SERVED = /\.(?:css|js|svg)$/;
const HASH_CHARS = 16;

const assets = readdirSync(__dirname)
  .filter((name) => SERVED.test(name))
  .sort()
  .map((name) => {
    const text = readFileSync(join(__dirname, name), 'utf8');
    const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARS);
    return `  '${name}': { hash: '${hash}', text: ${JSON.stringify(text)} },\n`;
  });

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8'));
const head = '/** Made by assets/bundle.cjs from the files beside it: change those. */\n';
writeFileSync(
  join(__dirname, '..', 'assets.generated.ts'),
  `${head}export const VERSION = '${version}';\nexport const ASSETS = {\n${assets.join('')}} as const;\n`,
);
