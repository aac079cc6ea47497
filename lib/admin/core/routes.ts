/** The table of routes: a page is added by its own `routes.ts` and one line here. */
import { attemptsRoutes } from '../pages/attempts/routes.js';
import { blockRoutes } from '../pages/block/routes.js';
import { bulkRoutes } from '../pages/blocked/bulk-routes.js';
import { blockedRoutes } from '../pages/blocked/routes.js';
import { subjectRoutes } from '../pages/subject/routes.js';
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

export const ROUTES: readonly Route[] = [
  start,
  ...blockedRoutes,
  ...bulkRoutes,
  ...blockRoutes,
  ...attemptsRoutes,
  ...subjectRoutes,
  ...themeRoutes,
  ...undoRoutes,
];
