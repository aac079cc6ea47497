/** The contract of a store as one function. */

import * as z from 'zod';
import { aBoolean, aFunction, anObject, text } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { attemptLogContract } from './contracts/attempt-log.js';
import { expiryContract } from './contracts/expiry.js';
import { hardStopContract } from './contracts/hard-stop.js';
import { historiesContract } from './contracts/histories.js';
import { inspectContract } from './contracts/inspect.js';
import { listContract } from './contracts/list.js';
import { operatorContract } from './contracts/operator.js';
import { parallelContract } from './contracts/parallel.js';
import { portContract } from './contracts/port.js';
import { removalContract } from './contracts/removal.js';
import { reserveContract } from './contracts/reserve.js';
import { remainingFailuresContract } from './contracts/same-place/remaining-failures.js';
import { samePlaceContract } from './contracts/same-place/taken-back.js';
import { settleContract } from './contracts/settle.js';
import { Contract, type CreateStore, type TestRunner } from './suite.js';

export interface StoreContractOptions {
  /** Stands in the title of the suite. */
  readonly name: string;
  /** Makes an empty store; called once per test, and several times at once for the histories. */
  readonly createStore: CreateStore;
  /**
   * Whether `createStore` passes `clock` on to the store. Without it everything that takes time to be seen is left out: leases
   * that time out, locks that end, failures that are forgotten, and the histories.
   * @default true
   */
  readonly clock?: boolean | undefined;
  /**
   * Whether the store has an attempt log (`attemptLog`).
   * @default true
   */
  readonly attemptLog?: boolean | undefined;
  /**
   * Whether the store says what it is (`inspect`).
   * @default true
   */
  readonly inspect?: boolean | undefined;
  /**
   * How many random histories are played on the store and on the pure policy, step by step; needs `fast-check`. From 0;
   * default 1,000. A history is some 45 operations; 16 are played at once.
   */
  readonly histories?: number | undefined;
  /**
   * Plays the histories of an earlier run again: the seed that its error names.
   * @default a random one
   */
  readonly seed?: number | undefined;
  /**
   * Where the tests are registered.
   * @default the globals `describe` and `it`
   */
  readonly runner?: TestRunner | undefined;
}

const aFlag = aBoolean.optional();
const COUNT = 'a whole number from 0';

const optionsSchema = z.strictObject(
  {
    name: text,
    createStore: aFunction('that makes a store'),
    clock: aFlag,
    attemptLog: aFlag,
    inspect: aFlag,
    histories: z.int(COUNT).min(0, COUNT).optional(),
    seed: z.int('a whole number').optional(),
    runner: z.custom((value) => isRunner(value), 'an object with describe and it').optional(),
  } satisfies Record<keyof StoreContractOptions, z.ZodType>,
  anObject,
);

const DEFAULT_HISTORIES = 1_000;

/**
 * Registers the tests that every store must pass: what the port says of each method, that slots are exact under parallel
 * use, and that random histories lead to the very answers of the pure policy.
 *
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
 * @throws {LockoutConfigError} for a wrong option, and where there is no test runner
 */
export function storeContract(options: StoreContractOptions): void {
  validateOptions(optionsSchema, options, 'storeContract options');
  const { name, createStore, clock = true, attemptLog = true, inspect = true } = options;
  const { histories = DEFAULT_HISTORIES, seed } = options;
  const runner = options.runner ?? globalRunner();
  const contract = new Contract(runner, createStore, clock);

  runner.describe(`${name} keeps the contract of a store`, () => {
    contract.group('reserve', () => reserveContract(contract));
    contract.group('settle', () => settleContract(contract));
    contract.group('the same place', () => samePlaceContract(contract));
    contract.group('the failures that remain', () => remainingFailuresContract(contract));
    contract.group('the hard stop', () => hardStopContract(contract));
    contract.group('block, reset and read', () => operatorContract(contract));
    contract.group('erase, cleanup and resetLockedBy', () => removalContract(contract));
    contract.group('list', () => listContract(contract));
    contract.group('in parallel', () => parallelContract(contract));
    contract.group('as a whole', () => portContract(contract));
    if (clock) contract.group('in time', () => expiryContract(contract));
    if (attemptLog) contract.group('the attempt log', () => attemptLogContract(contract));
    if (inspect) contract.group('inspect', () => inspectContract(contract));
    if (clock && histories > 0) contract.group('in any history', () => historiesContract(contract, histories, seed));
  });
}

function globalRunner(): TestRunner {
  const globals: unknown = globalThis;
  if (isRunner(globals)) return globals;
  throw invalidOption('storeContract options.runner', 'describe and it, as globals or as { describe, it }', 'neither');
}

function isRunner(value: unknown): value is TestRunner {
  const { describe, it } = Object(value) as Partial<TestRunner>;
  return typeof describe === 'function' && typeof it === 'function';
}
