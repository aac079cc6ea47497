/** The bill of materials of a release, made from the packed package as the workflow does. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runToEnd } from '../support/consumers/run-to-end.js';
import { type Packed, packPackage } from '../support/tools/package/packed.js';
import { REPOSITORY, readManifest } from '../support/tools/package/repository.js';

interface Bill {
  readonly components: readonly {
    readonly name: string;
    readonly purl: string;
    readonly licenses: readonly unknown[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

describe('The bill of materials', function () {
  this.timeout(600_000);
  let packed: Packed;
  let bill: Bill;

  before(async () => {
    packed = await packPackage();
    const args = [join('.ci', 'bill-of-materials.mjs'), packed.tarball];
    bill = JSON.parse(await runToEnd(process.execPath, args, { cwd: REPOSITORY }));
  });
  after(() => rm(packed.folder, { recursive: true }));

  it('lists what is installed with the package, and what is inside', async () => {
    const { dependencies } = await readManifest();
    const names = bill.components.map(({ name }) => name);

    expect(names).to.include.members(['passport-lockout', 'content-type', ...Object.keys(dependencies)]);
    expect(names).to.include.members(['lru-cache', 'zod']);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
  });

  it('gives each component its version and its address in the registry, and what is inside its license', () => {
    for (const { name, purl } of bill.components) expect(purl, name).to.match(/^pkg:npm\/.+@\d+\.\d+\.\d+$/);
    const inside = bill.components.filter(({ name }) => name === 'lru-cache' || name === 'zod');
    expect(inside.map(({ licenses }) => licenses)).to.deep.equal([
      [{ license: { id: 'BlueOak-1.0.0' } }],
      [{ license: { id: 'MIT' } }],
    ]);
  });

  it('says that the package depends on what is inside', () => {
    const ours = bill.dependencies.find(({ ref }) => ref.startsWith('passport-lockout@'));

    expect(ours?.dependsOn.map((ref) => ref.replace(/@[^@]+$/, ''))).to.include.members(['lru-cache', 'luxon', 'zod']);
  });
});
