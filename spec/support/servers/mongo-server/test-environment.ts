/** How the root hooks tell the specs, and the child processes of specs, about the server. */
export const uriVariable = 'PASSPORT_LOCKOUT_TEST_MONGODB_URI';

/** Set instead of the URI where there is no server: the reason. */
export const unavailableVariable = 'PASSPORT_LOCKOUT_TEST_MONGODB_UNAVAILABLE';

/** The address of the server; throws in a run without one, where `describeMongo` lets nothing ask for it. */
export function mongoUri(): string {
  const uri = process.env[uriVariable];
  if (!uri) {
    throw new Error(`${uriVariable} is not set: start mocha with --require root-hooks.js, and use describeMongo.`);
  }
  return uri;
}
