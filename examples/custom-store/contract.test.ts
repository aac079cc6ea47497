/** Runs the contract of passport-lockout on the store, with the test runner of Node. */
import { describe, it } from 'node:test';
import { storeContract } from 'passport-lockout/testing';
import { MapKeyValue } from './key-value.js';
import { KeyValueStore } from './key-value-store.js';

storeContract({
  name: 'KeyValueStore',
  createStore: ({ clock }) => ({ store: new KeyValueStore(new MapKeyValue(), clock) }),
  attemptLog: false,
  activityLog: false,
  restore: false,
  countLocked: false,
  readAll: false,
  inspect: false,
  several: false,
  runner: { describe, it },
});
