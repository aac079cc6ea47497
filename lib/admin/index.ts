/** The entry `passport-lockout/admin`: pages for operators, on any framework. */
export { Links } from './core/links.js';
