/** Renders a page within the layout. */
import type { ComponentChildren, VNode } from 'preact';
import type { LockedCount } from '../../stores/store.js';
import { assetLink } from '../core/assets.js';
import { noticeOf } from '../core/notices.js';
import { html } from '../core/respond.js';
import { withoutResult } from '../core/return-to.js';
import { themeOf } from '../core/theme.js';
import type { AdminResponse, PageContext } from '../core/types.js';
import { type UndoForm, undoFormOf } from '../core/undo.js';
import type { IconName } from './icon.js';
import { Layout, type NavItem } from './layout.js';
import { ResultNotice } from './result-notice.js';

export interface PageParts {
  readonly title: string;
  /** @default the title */
  readonly heading?: VNode | undefined;
  /** @default 200 */
  readonly status?: number;
  /** How many subjects are locked, if the page has read it already. */
  readonly locked?: LockedCount | undefined;
  /** Beside the time at which the page was made. */
  readonly controls?: VNode | undefined;
  readonly children: ComponentChildren;
}

/** In the order of the navigation; those without a route are left out. */
const NAV: readonly { readonly path: `/${string}`; readonly label: string; readonly icon: IconName }[] = [
  { path: '/', label: 'Now', icon: 'pulse' },
  { path: '/blocked', label: 'Blocked', icon: 'lock' },
  { path: '/attempts', label: 'Attempts', icon: 'list' },
  { path: '/activity', label: 'Activity', icon: 'history' },
  { path: '/settings', label: 'Settings', icon: 'settings' },
];

/**
 * Makes a page, with the number of locked subjects in its navigation and the result of the act that led here.
 *
 * @throws {LockoutStoreError} if the store fails
 */
export async function showPage(context: PageContext, parts: PageParts): Promise<AdminResponse> {
  const counting = parts.locked ?? context.lockout.countLocked();
  const [locked, undo] = await Promise.all([counting, undoFormOf(context)]);
  return renderPage(context, { ...parts, locked }, undo);
}

/**
 * Makes a page without asking the store: it may have failed.
 *
 * @param undo - takes back the act that its notice is about
 */
export function renderPage(context: PageContext, parts: PageParts, undo?: UndoForm): AdminResponse {
  const { title, heading, status = 200, locked, controls, children } = parts;
  const { request, links, viewer, now } = context;
  const here = hereOf(context);
  const assets = {
    css: assetLink(links, 'app.css'),
    js: assetLink(links, 'app.js'),
    icon: assetLink(links, 'favicon.svg'),
  };
  return html(
    status,
    <Layout
      title={title}
      heading={heading}
      nav={navOf(context, locked)}
      actor={viewer.actor}
      theme={themeOf(request)}
      themeAction={links.to('/theme')}
      here={here}
      assets={assets}
      asOf={now}
      reload={links.back(here)}
      controls={controls}
      notice={
        <ResultNotice
          notice={noticeOf(context)}
          undo={undo && { action: links.to(undo.path), fields: { ...undo.fields, to: here } }}
        />
      }
    >
      {children}
    </Layout>,
  );
}

function navOf({ request, links, hasPage }: PageContext, locked: LockedCount | undefined): readonly NavItem[] {
  return NAV.filter(({ path }) => hasPage(path)).map(({ path, label, icon }) => ({
    label,
    icon,
    href: links.to(path),
    isCurrent: request.path === path,
    ...(path === '/blocked' && { locked }),
  }));
}

/** The path and query of this page; of an answer to a form, and of one that does not exist, the first page. */
function hereOf({ request, query, hasPage }: PageContext): string {
  const path = request.path as `/${string}`;
  if (request.method === 'POST' || !hasPage(path)) return '/';
  return withoutResult(query.size > 0 ? `${path}?${query}` : path);
}
