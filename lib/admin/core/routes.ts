/** The table of routes: a page is added by its own `routes.ts` and one line here. */
import { liveRoutes } from '../live/routes.js';
import { activityRoutes } from '../pages/activity/routes.js';
import { attemptsRoutes } from '../pages/attempts/routes.js';
import { blockRoutes } from '../pages/block/routes.js';
import { bulkRoutes } from '../pages/blocked/bulk-routes.js';
import { blockedRoutes } from '../pages/blocked/routes.js';
import { nowRoutes } from '../pages/now/routes.js';
import { settingsRoutes } from '../pages/settings/routes.js';
import { subjectRoutes } from '../pages/subject/routes.js';
import { themeRoutes } from '../pages/theme/routes.js';
import { undoRoutes } from '../pages/undo/routes.js';
import type { Route } from './types.js';

export const ROUTES: readonly Route[] = [
  ...nowRoutes,
  ...liveRoutes,
  ...blockedRoutes,
  ...bulkRoutes,
  ...blockRoutes,
  ...attemptsRoutes,
  ...subjectRoutes,
  ...activityRoutes,
  ...settingsRoutes,
  ...themeRoutes,
  ...undoRoutes,
];
