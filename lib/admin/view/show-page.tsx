/** Renders a page within the layout. */
import type { ComponentChildren } from 'preact';
import { assetLink } from '../core/assets.js';
import { lockedCount } from '../core/locked-count.js';
import { html } from '../core/respond.js';
import { themeOf } from '../core/theme.js';
import type { AdminResponse, PageContext } from '../core/types.js';
import { Layout, type NavItem } from './layout.js';

export interface PageParts {
  readonly title: string;
  /** @default 200 */
  readonly status?: number;
  /** The result of an act, for the notice area. */
  readonly notice?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** In the order of the navigation; those without a route are left out. */
const NAV = [
  { path: '/', label: 'Now' },
  { path: '/blocked', label: 'Blocked' },
  { path: '/attempts', label: 'Attempts' },
  { path: '/activity', label: 'Activity' },
  { path: '/settings', label: 'Settings' },
] as const;
/** Of an act that is over: reloading does not repeat its result. */
const NOT_KEPT = ['notice', 'on', 'count', 'undo'];

/**
 * Makes a page, with the number of locked subjects in its navigation.
 *
 * @throws {LockoutStoreError} if the store fails
 */
export async function showPage(context: PageContext, parts: PageParts): Promise<AdminResponse> {
  return renderPage(context, parts, await lockedCount(context.lockout));
}

/**
 * Makes a page without asking the store: it may have failed.
 *
 * @param blockedCount - for the navigation; undefined if it is not known
 */
export function renderPage(
  context: PageContext,
  { title, status = 200, notice, children }: PageParts,
  blockedCount?: string,
): AdminResponse {
  const { request, links, viewer, now } = context;
  const here = hereOf(context);
  return html(
    status,
    <Layout
      title={title}
      nav={navOf(context, blockedCount)}
      actor={viewer.actor}
      theme={themeOf(request)}
      themeAction={links.to('/theme')}
      here={here}
      assets={{
        css: assetLink(links, 'app.css'),
        js: assetLink(links, 'app.js'),
        icon: assetLink(links, 'favicon.svg'),
      }}
      asOf={now}
      reload={links.back(here)}
      notice={notice}
    >
      {children}
    </Layout>,
  );
}

function navOf({ request, links, hasPage }: PageContext, blockedCount: string | undefined): readonly NavItem[] {
  return NAV.filter(({ path }) => hasPage(path)).map(({ path, label }) => ({
    label,
    href: links.to(path),
    isCurrent: request.path === path,
    ...(path === '/blocked' && { count: blockedCount, counted: 'locked' }),
  }));
}

/** The path and query of this page; of an answer to a form, and of one that does not exist, the first page. */
function hereOf({ request, query, hasPage }: PageContext): string {
  const path = request.path as `/${string}`;
  if (request.method === 'POST' || !hasPage(path)) return '/';
  const kept = new URLSearchParams([...query].filter(([name]) => !NOT_KEPT.includes(name)));
  return kept.size > 0 ? `${path}?${kept}` : path;
}
