/**
 * Old releases of Passport, which some strategies bring along, put their methods on the requests of the whole process,
 * where they stand in the way of the Passport that an application uses. All spec files are loaded when this runs.
 */
import { IncomingMessage } from 'node:http';

const LEFT_BEHIND = ['login', 'logIn', 'logout', 'logOut', 'isAuthenticated', 'isUnauthenticated'];

export const mochaHooks = {
  beforeAll(): void {
    for (const name of LEFT_BEHIND) Reflect.deleteProperty(IncomingMessage.prototype, name);
  },
};
