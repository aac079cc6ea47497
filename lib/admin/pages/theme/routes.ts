/** The choice of light or dark, on every page. */
import { redirect, withHeaders } from '../../core/respond.js';
import { themeCookie, toTheme } from '../../core/theme.js';
import type { PageContext, Route } from '../../core/types.js';

/** A path and a query of ours: no second slash and no backslash, which would name another host. */
const LOCAL = /^\/(?![/\\])[^\\\s]{0,2000}$/;

export const themeRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/theme',
    permission: 'look',
    handle: ({ form, links, request }) => {
      const theme = toTheme(form.get('theme'));
      return withHeaders(redirect(backTo(form, links)), { 'Set-Cookie': themeCookie(theme, request.basePath) });
    },
  },
];

function backTo(form: URLSearchParams, links: PageContext['links']): string {
  const to = form.get('to') ?? '/';
  return links.back(LOCAL.test(to) ? to : '/');
}
