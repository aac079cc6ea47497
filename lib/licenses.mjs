/** What of other packages the bundler has put into `dist`, and the licenses under which they may be there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param files - the paths of all modules
 * @returns text with a heading such as `## zod 4.6.7 (MIT)` for each package, and its license
 * @throws {Error} if a package has no license in a file
 */
export async function licensesOf(files) {
  const folders = [...new Set(files.filter((file) => file.includes('/node_modules/')).map(packageFolder))].sort();
  const sections = await Promise.all(folders.map(sectionOf));
  return ['Code of these packages is in the files of this folder.', ...sections].join('\n\n');
}

/** Folders inside a package may have a package.json of their own. */
function packageFolder(file) {
  const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
  return folder;
}

async function sectionOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
  if (!file || !license) throw new Error(`${name} has no license in a file`);
  const text = await readFile(join(folder, file), 'utf8');
  return `## ${name} ${version} (${license})\n\n${text.trim()}\n`;
}
