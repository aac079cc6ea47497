/** The table of routes: a page is added by its own `routes.ts` and one line here. */
import { attemptsRoutes } from '../pages/attempts/routes.js';
import { blockedRoutes } from '../pages/blocked/routes.js';
import { themeRoutes } from '../pages/theme/routes.js';
import { undoRoutes } from '../pages/undo/routes.js';
import { redirect } from './respond.js';
import type { Route } from './types.js';

const start: Route = {
  method: 'GET',
  path: '/',
  permission: 'look',
  handle: ({ links }) => redirect(links.to('/blocked')),
};

export const ROUTES: readonly Route[] = [start, ...blockedRoutes, ...attemptsRoutes, ...themeRoutes, ...undoRoutes];
