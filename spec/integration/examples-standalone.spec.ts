/** What makes an example one that can be copied: it is short, and asks for all it needs. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { exampleNames } from '../support/sites/example-copy.js';
import { readPage } from '../support/tools/documentation.js';
import { tableBelow } from '../support/tools/markdown.js';
import { REPOSITORY, readManifest } from '../support/tools/package/repository.js';

/** Those that show more than one subject: pages with an attack to watch, a store and its contract, a whole page, an application and its test. */
const SEVERAL_FILES = ['admin', 'custom-store', 'login-page', 'testing'];
const BUILTIN = new Set(builtinModules.map((name) => `node:${name}`).concat('node:test'));

function sourcesOf(name: string): readonly { readonly file: string; readonly code: string }[] {
  const folder = join(REPOSITORY, 'examples', name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file) && !/^(dist|node_modules)\//.test(file))
    .map((file) => ({ file, code: readFileSync(join(folder, file), 'utf8') }));
}

function importsOf(code: string): readonly string[] {
  const named = [...code.matchAll(/(?:\bfrom |^import |\brequire\()'([^']+)'/gm)].map(([, name = '']) => name);
  return named.filter((name) => !BUILTIN.has(name));
}

const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const isOwn = (name: string) => name.startsWith('.');

describe('The examples', () => {
  it('are listed in the README, one line each', () => {
    const rows = tableBelow(readPage('README.md').text, '## Examples');
    const named = rows.map(([cell = '']) => /^\[`([\w-]+)`\]\(examples\/\1\)$/.exec(cell)?.[1]);

    expect(named).to.have.members([...exampleNames()]);
  });

  it('have no secret of the lockout that everybody can read: copies would let anyone sign unlock links', () => {
    const known = exampleNames().filter((name) =>
      sourcesOf(name).some(({ code }) => /LOCKOUT_SECRET\W*(?:\?\?|\|\|) *['"`]/.test(code)),
    );

    expect(known).to.deep.equal([]);
  });

  for (const name of exampleNames().filter((each) => !SEVERAL_FILES.includes(each))) {
    it(`include ${name} as one file of at most 80 lines`, () => {
      const lengths = sourcesOf(name).map(({ code }) => code.trimEnd().split('\n').length);

      expect(lengths).to.have.length(1);
      expect(lengths[0]).to.be.at.most(80);
    });
  }

  for (const name of exampleNames()) {
    describe(name, () => {
      const sources = sourcesOf(name);
      const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'examples', name, 'package.json'), 'utf8'));

      it('has a package.json that installs and starts it', () => {
        expect(manifest).to.include({ name: `passport-lockout-example-${name}`, private: true });
        expect(manifest.type).to.be.oneOf(['commonjs', 'module']);
        expect(manifest.scripts.start).to.match(/^node /);
      });

      it('imports what it installs, and nothing from another example', () => {
        const imports = sources.flatMap(({ code }) => importsOf(code));

        expect(imports.filter((path) => isOwn(path) && !/^\.{1,2}\/[\w/-]+\.js$/.test(path))).to.deep.equal([]);
        expect(imports.filter((path) => path.includes('examples') || path.includes('shared'))).to.deep.equal([]);
        const used = imports.filter((path) => !isOwn(path)).map(packageOf);
        expect(Object.keys(manifest.dependencies)).to.include.members(used);
      });

      it('installs the versions that its specs run with', async () => {
        const root = await readManifest();
        const { 'passport-lockout': own, ...others } = { ...manifest.dependencies, ...manifest.devDependencies };

        expect(own).to.equal(`^${root.version}`);
        expect({ ...root.devDependencies, ...root.dependencies }).to.include(others);
      });
    });
  }
});
