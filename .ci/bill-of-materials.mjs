/**
 * Prints the bill of materials of a tarball, in CycloneDX format: what its installation brings, as npm lists it, and the packages
 * whose code is inside. `npm sbom` in the repository would leave out what development packages need as well.
 *
 * Usage: node .ci/bill-of-materials.mjs TARBALL
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const NAME = 'passport-lockout';
/** As lib/licenses.mjs writes it. */
const HEADING = /^## (?<name>\S+) (?<version>\d\S*) \((?<license>.+)\)$/gm;

const [tarball] = process.argv.slice(2);
const cwd = mkdtempSync(join(tmpdir(), 'passport-lockout-installed-'));
try {
  // npm lists nothing for a project that has no name and no version.
  const project = { name: 'installation', version: '0.0.0', dependencies: { [NAME]: `file:${resolve(tarball)}` } };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(project));
  npm('install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  const bill = JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx'));
  const licenses = readFileSync(join(cwd, 'node_modules', NAME, 'dist', 'LICENSES.txt'), 'utf8');
  process.stdout.write(`${JSON.stringify(withInside(bill, licenses), null, 2)}\n`);
} finally {
  rmSync(cwd, { recursive: true });
}

function npm(...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 });
}

function withInside(bill, licenses) {
  const ours = bill.dependencies.find(({ ref }) => ref.startsWith(`${NAME}@`));
  for (const { groups } of licenses.matchAll(HEADING)) {
    const { name, version, license } = groups;
    const ref = `${name}@${version}`;
    bill.components.push({
      'bom-ref': ref,
      type: 'library',
      name,
      version,
      scope: 'required',
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      // Of the taxonomy of CycloneDX.
      properties: [{ name: 'cdx:npm:package:bundled', value: 'true' }],
      licenses: [{ license: { id: license } }],
    });
    bill.dependencies.push({ ref, dependsOn: [] });
    ours.dependsOn.push(ref);
  }
  return bill;
}
