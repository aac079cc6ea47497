/** The effective options and the state of the store. */
import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { renderPage } from '../../view/show-page.js';
import { readSettings } from './data.js';
import { SettingsPage } from './page.js';

export const settingsRoutes: readonly Route[] = [
  { method: 'GET', path: '/settings', permission: 'look', handle: showSettings },
];

/** Shown while the store is down, too: it says what failed. */
async function showSettings(context: PageContext): Promise<AdminResponse> {
  const data = await readSettings(context.lockout);
  return renderPage(context, { title: 'Settings', locked: data.locked, children: <SettingsPage data={data} /> });
}
