/** The list of locked subjects. */
import type { Route } from '../../core/types.js';
import { showBlocked } from './page.js';

export const blockedRoutes: readonly Route[] = [
  { method: 'GET', path: '/blocked', permission: 'look', handle: showBlocked },
];
