/** The choice of light or dark, on every page. */
import { redirect, withHeaders } from '../../core/respond.js';
import { returnTo } from '../../core/return-to.js';
import { themeCookie, toTheme } from '../../core/theme.js';
import type { Route } from '../../core/types.js';

export const themeRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/theme',
    permission: 'look',
    handle: ({ form, links, request }) => {
      const theme = toTheme(form.get('theme'));
      return withHeaders(redirect(returnTo(links, form)), { 'Set-Cookie': themeCookie(theme, request.basePath) });
    },
  },
];
