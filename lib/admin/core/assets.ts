/** Styles and scripts: served under an address that contains the hash of their content, so that browsers keep them forever. */
import { ASSETS } from '../assets.generated.js';
import type { Links } from './links.js';
import { withHeaders } from './respond.js';
import { CACHED_FOREVER } from './security-headers.js';
import type { AdminResponse } from './types.js';

export type AssetName = keyof typeof ASSETS;

const FOLDER = '/assets/';
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const paths = new Map<AssetName, `/${string}`>();
const responses = new Map<string, AdminResponse>();
for (const [name, { hash, text }] of Object.entries(ASSETS)) {
  const end = name.lastIndexOf('.');
  const extension = name.slice(end + 1);
  const path = `${FOLDER}${name.slice(0, end)}.${hash}.${extension}` as const;
  const response = { status: 200, headers: { 'Content-Type': TYPES[extension] as string }, body: text };
  paths.set(name as AssetName, path);
  responses.set(path, withHeaders(response, { 'Cache-Control': CACHED_FOREVER }));
}

/** Returns undefined for every other path, and for the hash of another version. */
export function findAsset(path: string): AdminResponse | undefined {
  return responses.get(path);
}

export function assetLink(links: Links, name: AssetName): string {
  return links.to(paths.get(name) as `/${string}`);
}
