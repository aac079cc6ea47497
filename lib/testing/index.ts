/**
 * For tests: a clock for those of your application, and the contract of a store for a store of your own, as tests. They run on mocha, Jest and Vitest with their globals, and on
 * node:test with its functions handed over.
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
