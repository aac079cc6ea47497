/** Tokens for links with which users free themselves: signed, expiring, and bound to one lock, so that each works once. */

import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Engine } from '../engine.js';
import { toSubjectFacts } from '../events/payloads.js';
import type { SubjectRecord } from '../policy/replies.js';
import { checkRequest } from '../request/attempt-input.js';
import type { AnyRequest } from '../subject/attempt.js';
import type { SubjectFacts } from '../subject/facts.js';
import { type DurationInput, parseDuration } from '../util/durations.js';
import type { Keys } from '../util/secret-keys.js';
import { anObject, duration } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import type { DeviceDesk, TrustedName } from './devices.js';
import { ask } from './each-record.js';
import { findSubject, type SubjectInput } from './find-subject.js';
import { actorSchema, aRequest } from './schemas.js';
import type { ActorOptions } from './types.js';

/** Options of `createUnlockToken`. */
export interface UnlockTokenOptions {
  /**
   * How long the token can be redeemed; more than 0.
   * @default 1 hour
   */
  readonly expiresIn?: DurationInput | undefined;
}

/** The result of redeeming a token. */
export type RedeemResult =
  | {
      /** The lock was lifted. */
      readonly outcome: 'unlocked';
      /** The subject that was freed. */
      readonly subject: SubjectFacts;
      /**
       * Whether the browser of `req` is a known device from now on: not without `req`, without known devices, or if devices were
       * revoked after the token was made.
       */
      readonly trusted: boolean;
    }
  | {
      /** The lock that the token was made for no longer holds: already redeemed, freed, ended, or replaced. */
      readonly outcome: 'over';
      /** As above: also if the lock is over, since another attempt may have locked again meanwhile. */
      readonly trusted: boolean;
    }
  | {
      /** Too old; or not a token of this lockout, or of one with another secret. */
      readonly outcome: 'expired' | 'invalid';
    };

/** Options of `redeemUnlockToken`. */
export interface RedeemOptions extends ActorOptions {
  /**
   * The request in which the token came: its browser becomes a known device of the account, which gets in whatever is locked.
   * @default none
   */
  readonly req?: AnyRequest | undefined;
}

const optionsSchema = z.strictObject(
  { expiresIn: z.optional(duration(1)) } satisfies Record<keyof UnlockTokenOptions, z.ZodMiniType>,
  anObject,
);

const DEFAULT_EXPIRY_MS = 3_600_000;
/** Keys are bounded, so a longer token cannot be ours, and an attacker cannot make us hash megabytes. */
const MAX_TOKEN_CHARS = 4_096;
/** The key of a record, and the lease that locked it. */
type Lock = readonly [key: string, lockedBy: string];

interface Content {
  /** Several if the key of `pseudonymize` is being changed. */
  readonly locks: readonly Lock[];
  readonly expiresAt: number;
  /** For a known device. */
  readonly name?: TrustedName | undefined;
}

const redeemSchema = z.strictObject(
  {
    ...actorSchema.shape,
    req: z.optional(aRequest),
  } satisfies Record<keyof RedeemOptions, z.ZodMiniType>,
  anObject,
);

export class UnlockTokens {
  readonly #engine: Engine;
  readonly #desk: DeviceDesk;

  constructor(engine: Engine, desk: DeviceDesk) {
    this.#engine = engine;
    this.#desk = desk;
  }

  async create(input: SubjectInput, options: UnlockTokenOptions): Promise<string | null> {
    const [key] = this.#keysFor('createUnlockToken');
    validateOptions(optionsSchema, options, 'options');
    const { subject } = findSubject(this.#engine.options, input);
    const locks: Lock[] = [];
    for (const variant of this.#engine.rotation.variantsOf(subject)) {
      const record = await ask(this.#engine, 'read', (store) => store.read(variant.key));
      if (!record?.lock) continue;
      if (record.lockedBy === null) return null;
      locks.push([variant.key, record.lockedBy]);
    }
    if (locks.length === 0) return null;
    const expiresAt = this.#now() + (parseDuration(options.expiresIn) ?? DEFAULT_EXPIRY_MS);
    const spelling = subject.dimension === 'username' ? input['username'] : undefined;
    const name = typeof spelling === 'string' ? await this.#desk.nameFor(spelling) : undefined;
    const content: Content = { locks, expiresAt, name };
    const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${payload}.${sign(key, payload).toString('base64url')}`;
  }

  async redeem(token: unknown, options: RedeemOptions): Promise<RedeemResult> {
    const keys = this.#keysFor('redeemUnlockToken');
    const { by = null, reason = null, req } = validateOptions(redeemSchema, options, 'options');
    if (req) checkRequest(req, 'options.req');
    const signed = read(token, keys);
    if (!signed) return { outcome: 'invalid' };
    const { locks, expiresAt, name } = signed.content;
    if (expiresAt <= this.#now()) return { outcome: 'expired' };
    let before: SubjectRecord | null = null;
    for (const [key, lockedBy] of locks) {
      const lifted = await ask(this.#engine, 'resetLockedBy', (store) => store.resetLockedBy(key, lockedBy));
      if (lifted) this.#engine.forgetLock(key);
      before ??= lifted;
    }
    if (before) {
      this.#engine.report.onUnblocked(before, by, reason);
      const { key, dimension, parts } = before;
      const redeemed = { action: 'redeemUnlockToken', by, reason, key, dimension, parts } as const;
      await this.#engine.activity.record(redeemed, { unblocked: 1 });
    }
    const mayTrust = req !== undefined && name !== undefined && this.#engine.devices !== undefined;
    const trusted = mayTrust && (await this.#desk.trustDigest(req, name, signed.secretIndex));
    return before ? { outcome: 'unlocked', subject: toSubjectFacts(before), trusted } : { outcome: 'over', trusted };
  }

  #keysFor(method: string): Keys {
    const { unlockKeys } = this.#engine.options;
    if (unlockKeys) return unlockKeys;
    throw invalidOption('options.secret', `a secret for ${method}()`, 'undefined');
  }

  #now(): number {
    return (this.#engine.options.store.clock ?? Date.now)();
  }
}

function sign(key: KeyObject, payload: string): Buffer {
  return createHmac('sha256', key).update(payload).digest();
}

/** Returns the content of a token, and which of the secrets signed it; undefined if none did. */
function read(token: unknown, keys: Keys): { readonly content: Content; readonly secretIndex: number } | undefined {
  if (typeof token !== 'string' || token.length > MAX_TOKEN_CHARS) return undefined;
  const [payload = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  // Compared as text as well: base64url has several spellings of the same bytes, but a token has only one.
  if (rest.length > 0 || given.toString('base64url') !== signature) return undefined;
  const secretIndex = keys.findIndex((key) => {
    const expected = sign(key, payload);
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  if (secretIndex < 0) return undefined;
  return { content: JSON.parse(Buffer.from(payload, 'base64url').toString()) as Content, secretIndex };
}
