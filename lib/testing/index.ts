/**
 * For tests: a clock for the tests of your application, and the contract that a store of your own must meet, as a test suite. It
 * runs on mocha, Jest and Vitest with their globals, and on node:test if you pass its functions.
 *
 * @module
 * @example
 * ```ts
 * import { describe, it } from 'node:test';
 * import { MemoryStore } from 'passport-lockout';
 * import { storeContract } from 'passport-lockout/testing';
 *
 * storeContract({
 *   name: 'MemoryStore',
 *   createStore: (options) => ({ store: new MemoryStore(options) }),
 *   runner: { describe, it },
 * });
 * ```
 */

export { type StoreContractOptions, storeContract } from './store-contract.js';
export type { CreatedStore, CreateStore, TestRunner } from './suite.js';
export { createTestClock, type TestClock } from './test-clock.js';
