/** The pages of the documentation, and where their links lead. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { REPOSITORY } from './package/repository.js';

/** Paths are relative to the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

export function readPage(path: string): Page {
  return { path, text: readFileSync(join(REPOSITORY, path), 'utf8') };
}

/** The README, and the pages for which it has no room. */
export function docsPages(): readonly Page[] {
  return namesIn('docs').map((name) => readPage(`docs/${name}`));
}

/** All that a reader of the repository may follow a link from. */
export function allPages(): readonly Page[] {
  const papers = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'lib/README.md'];
  const examples = readdirSync(join(REPOSITORY, 'examples'), { withFileTypes: true })
    .map(({ name }) => `examples/${name}/README.md`)
    .filter((path) => existsSync(join(REPOSITORY, path)));
  return [...[...papers, ...examples].map(readPage), ...docsPages()];
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(join(REPOSITORY, folder)).filter((name) => name.endsWith('.md'));
}

export interface Link {
  readonly from: string;
  readonly target: string;
}

/** Links to other sites are not followed: the specs need no network. */
export function linksOf({ path, text }: Page): readonly Link[] {
  const targets = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target)).map((target) => ({ from: path, target }));
}

/** Undefined if the link leads somewhere; else what is missing. */
export function missingTarget({ from, target }: Link): string | undefined {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : relative(REPOSITORY, resolve(REPOSITORY, dirname(from), file));
  if (!existsSync(join(REPOSITORY, path))) return `${from}: there is no ${path}`;
  if (anchor === undefined || anchorsOf(readPage(path).text).has(anchor)) return undefined;
  return `${from}: ${path} has no heading #${anchor}`;
}

export interface Contents {
  /** The anchors that the list at the top of a page links to; empty if there is no such list. */
  readonly listed: readonly string[];
  /** The anchors of the sections that follow, each with those of its subsections. */
  readonly sections: readonly (readonly string[])[];
}

export function contentsOf(text: string): Contents {
  const [head = '', ...parts] = withoutFences(text).split(/^(?=## )/m);
  const listed = [...head.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  return { listed, sections: parts.map((part) => [...anchorsOf(part)]) };
}

/** The anchors of the headings, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\p{Mark}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutFences(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '');
}
