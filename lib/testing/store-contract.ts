/** The contract of a store as one function. */

import * as z from 'zod/mini';
import { aBoolean, aFunction, anObject, text } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { activityLogContract } from './contracts/activity-log.js';
import { attemptCountsContract } from './contracts/attempt-counts.js';
import { attemptLogContract } from './contracts/attempt-log.js';
import { countLockedContract } from './contracts/count-locked.js';
import { expiryContract } from './contracts/expiry.js';
import { hardStopContract } from './contracts/hard-stop.js';
import { historiesContract } from './contracts/histories.js';
import { inspectContract } from './contracts/inspect.js';
import { listContract } from './contracts/list.js';
import { operatorContract } from './contracts/operator.js';
import { parallelContract } from './contracts/parallel.js';
import { portContract } from './contracts/port.js';
import { readAllContract } from './contracts/read-all.js';
import { removalContract } from './contracts/removal.js';
import { repeatBudgetContract } from './contracts/repeated-guesses/budget.js';
import { repeatedGuessesContract } from './contracts/repeated-guesses/remembered.js';
import { reserveContract } from './contracts/reserve.js';
import { restoreContract } from './contracts/restore.js';
import { revokedDevicesContract } from './contracts/revoked-devices.js';
import { rowOnlyContract } from './contracts/row-only.js';
import { remainingFailuresContract } from './contracts/same-place/remaining-failures.js';
import { samePlaceContract } from './contracts/same-place/taken-back.js';
import { settleContract } from './contracts/settle.js';
import { severalContract } from './contracts/several.js';
import { spraysContract } from './contracts/sprays.js';
import { Contract, type CreateStore, type TestRunner } from './suite.js';

/** Which parts of the contract to test, and how. */
export interface StoreContractOptions {
  /** Appears in the title of the suite. */
  readonly name: string;
  /** Creates an empty store; called once per test, and several times in parallel for the histories. */
  readonly createStore: CreateStore;
  /**
   * Whether `createStore` passes `clock` on to the store. If not, everything that depends on time is left out: leases that time
   * out, locks that end, failures that are forgotten, and the histories.
   * @default true
   */
  readonly clock?: boolean | undefined;
  /**
   * Whether the store has an attempt log (`attemptLog`).
   * @default true
   */
  readonly attemptLog?: boolean | undefined;
  /**
   * Whether the attempt log counts attempts per minute (`counts`).
   * @default the same as `attemptLog`
   */
  readonly attemptCounts?: boolean | undefined;
  /**
   * Whether the store records what operators do (`activityLog`).
   * @default true
   */
  readonly activityLog?: boolean | undefined;
  /**
   * Whether the store can set a lifted lock again (`restore`).
   * @default true
   */
  readonly restore?: boolean | undefined;
  /**
   * Whether the store can count what is locked (`countLocked`).
   * @default true
   */
  readonly countLocked?: boolean | undefined;
  /**
   * Whether the store can read several subjects in one call (`readAll`).
   * @default true
   */
  readonly readAll?: boolean | undefined;
  /**
   * Whether the store can report about itself (`inspect`).
   * @default true
   */
  readonly inspect?: boolean | undefined;
  /**
   * Whether the store takes and gives back the slots of several subjects in one step (`reserveAll` and `settleAll`).
   * @default true
   */
  readonly several?: boolean;
  /**
   * How many random histories are played on the store and on the pure policy, step by step; needs `fast-check`. From 0;
   * default 1,000. A history has about 45 operations; 16 are played in parallel.
   */
  readonly histories?: number | undefined;
  /**
   * Repeats the histories of an earlier run: the seed named in its error.
   * @default a random one
   */
  readonly seed?: number | undefined;
  /**
   * The test runner to register the tests with.
   * @default the globals `describe` and `it`
   */
  readonly runner?: TestRunner | undefined;
}

const aFlag = z.optional(aBoolean);
const COUNT = 'a whole number from 0';

const optionsSchema = z.strictObject(
  {
    name: text,
    createStore: aFunction('that makes a store'),
    clock: aFlag,
    attemptLog: aFlag,
    attemptCounts: aFlag,
    activityLog: aFlag,
    restore: aFlag,
    countLocked: aFlag,
    readAll: aFlag,
    inspect: aFlag,
    several: aFlag,
    histories: z.optional(z.int(COUNT).check(z.minimum(0, COUNT))),
    seed: z.optional(z.int('a whole number')),
    runner: z.optional(z.custom((value) => isRunner(value), 'an object with describe and it')),
  } satisfies Record<keyof StoreContractOptions, z.ZodMiniType>,
  anObject,
);

const DEFAULT_HISTORIES = 1_000;

/**
 * Registers the tests that every store must pass: that each method does what the port says, that slots are exact under
 * parallel use, and that random histories give exactly the replies of the pure policy.
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
 * @throws {LockoutConfigError} for a wrong option, or if there is no test runner
 */
export function storeContract(options: StoreContractOptions): void {
  validateOptions(optionsSchema, options, 'storeContract options');
  const {
    name,
    createStore,
    clock = true,
    attemptLog = true,
    activityLog = true,
    restore = true,
    countLocked = true,
    readAll = true,
    inspect = true,
    several = true,
  } = options;
  const { attemptCounts = attemptLog, histories = DEFAULT_HISTORIES, seed } = options;
  const runner = options.runner ?? globalRunner();
  const contract = new Contract(runner, createStore, clock);

  runner.describe(`${name} (store contract)`, () => {
    contract.group('reserve', () => reserveContract(contract));
    contract.group('settle', () => settleContract(contract));
    contract.group('settle by source', () => samePlaceContract(contract));
    contract.group('after a success', () => remainingFailuresContract(contract));
    contract.group('with a hard stop', () => hardStopContract(contract));
    contract.group('repeated guesses', () => repeatedGuessesContract(contract));
    contract.group('the limit of repeated guesses', () => repeatBudgetContract(contract));
    contract.group('sprays', () => spraysContract(contract));
    contract.group('only the row', () => rowOnlyContract(contract));
    contract.group('revoked devices', () => revokedDevicesContract(contract));
    contract.group('for operators', () => operatorContract(contract));
    if (restore) contract.group('restore', () => restoreContract(contract));
    contract.group('on removal', () => removalContract(contract));
    contract.group('list', () => listContract(contract));
    if (countLocked) contract.group('countLocked', () => countLockedContract(contract));
    if (readAll) contract.group('readAll', () => readAllContract(contract));
    if (several) contract.group('several at once', () => severalContract(contract));
    contract.group('in parallel', () => parallelContract(contract));
    contract.group('as a port', () => portContract(contract));
    if (clock) contract.group('over time', () => expiryContract(contract));
    if (attemptLog) contract.group('attemptLog', () => attemptLogContract(contract));
    if (attemptCounts) contract.group('counts of the attemptLog', () => attemptCountsContract(contract));
    if (activityLog) contract.group('activityLog', () => activityLogContract(contract));
    if (inspect) contract.group('inspect', () => inspectContract(contract));
    if (clock && histories > 0)
      contract.group('in random histories', () => historiesContract(contract, histories, seed));
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
