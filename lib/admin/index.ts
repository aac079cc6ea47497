/** The entry `passport-lockout/admin`: pages for operators, on any framework. */

export type { AdminViewer } from './core/authorize.js';
export type { AdminOptions } from './core/options.js';
export type { Permission } from './core/permissions.js';
export { type Admin, createAdmin } from './create-admin.js';
