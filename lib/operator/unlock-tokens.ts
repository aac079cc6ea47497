/** Tokens for links with which users free themselves: signed, expiring, and bound to one lock, so that each works once. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Engine } from '../engine.js';
import { toSubjectFacts } from '../events/payloads.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { SubjectFacts } from '../subject/facts.js';
import { type DurationInput, parseDuration } from '../util/durations.js';
import { anObject, duration } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { ask } from './each-record.js';
import { findSubject, type SubjectInput } from './find-subject.js';
import { actorSchema } from './schemas.js';
import type { ActorOptions } from './types.js';

export interface UnlockTokenOptions {
  /**
   * How long the token can be redeemed; more than 0.
   * @default 1 hour
   */
  readonly expiresIn?: DurationInput | undefined;
}

/** The result of redeeming a token. */
export type RedeemResult =
  | { readonly outcome: 'unlocked'; readonly subject: SubjectFacts }
  /** `over`: the lock it was made for no longer holds: already redeemed, freed, expired, or replaced. */
  | { readonly outcome: 'over' | 'expired' | 'invalid' };

const optionsSchema = z.strictObject(
  { expiresIn: duration(1).optional() } satisfies Record<keyof UnlockTokenOptions, z.ZodType>,
  anObject,
);

const DEFAULT_EXPIRY_MS = 3_600_000;
/** Keys are bounded, so a longer token cannot be ours, and an attacker cannot make us hash megabytes. */
const MAX_TOKEN_CHARS = 4_096;
/** Prefixed to the signed text, so that no other use of the secret can produce a token. */
const PURPOSE = 'passport-lockout unlock token 1\n';

/** `others` are the locks under other secrets. */
type Lock = readonly [key: string, lockedBy: string];
type Content = readonly [...Lock, expiresAt: number, ...others: readonly Lock[]];

export class UnlockTokens {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async create(input: SubjectInput, options: UnlockTokenOptions): Promise<string | null> {
    const [secret] = this.#secretsFor('createUnlockToken');
    validateOptions(optionsSchema, options, 'options');
    const { subject } = findSubject(this.#engine.options, input);
    const locks: Lock[] = [];
    for (const { key } of this.#engine.rotation.variantsOf(subject)) {
      const record = await ask(this.#engine, 'read', (store) => store.read(key));
      if (!record?.lock) continue;
      if (record.lockedBy === null) return null;
      locks.push([key, record.lockedBy]);
    }
    const [first, ...others] = locks;
    if (!first) return null;
    const expiresAt = this.#now() + (parseDuration(options.expiresIn) ?? DEFAULT_EXPIRY_MS);
    const content: Content = [...first, expiresAt, ...others];
    const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${payload}.${sign(secret, payload).toString('base64url')}`;
  }

  async redeem(token: unknown, actor: ActorOptions): Promise<RedeemResult> {
    const secrets = this.#secretsFor('redeemUnlockToken');
    const { by = null } = validateOptions(actorSchema, actor, 'options');
    const content = read(token, secrets);
    if (!content) return { outcome: 'invalid' };
    const [key, lockedBy, expiresAt, ...others] = content;
    if (expiresAt <= this.#now()) return { outcome: 'expired' };
    let before: SubjectRecord | null = null;
    for (const [ofKey, by] of [[key, lockedBy] as const, ...others]) {
      const lifted = await ask(this.#engine, 'resetLockedBy', (store) => store.resetLockedBy(ofKey, by));
      if (lifted) this.#engine.forgetLock(ofKey);
      before ??= lifted;
    }
    if (!before) return { outcome: 'over' };
    this.#engine.report.onUnblocked(before, by);
    return { outcome: 'unlocked', subject: toSubjectFacts(before) };
  }

  #secretsFor(method: string): readonly [string, ...string[]] {
    const secrets = this.#engine.options.unlockTokenSecrets.all;
    if (secrets.length > 0) return secrets as readonly [string, ...string[]];
    throw invalidOption('options.unlockTokenSecret', `a secret for ${method}()`, 'undefined');
  }

  #now(): number {
    return (this.#engine.options.store.clock ?? Date.now)();
  }
}

function sign(secret: string, payload: string): Buffer {
  return createHmac('sha256', secret).update(PURPOSE).update(payload).digest();
}

/** Returns the content of a token if one of the secrets signed it. */
function read(token: unknown, secrets: readonly string[]): Content | undefined {
  if (typeof token !== 'string' || token.length > MAX_TOKEN_CHARS) return undefined;
  const [payload = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  // Compared as text as well: base64url has several spellings of the same bytes, but a token has only one.
  if (rest.length > 0 || given.toString('base64url') !== signature) return undefined;
  const isSigned = secrets.some((secret) => {
    const expected = sign(secret, payload);
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  return isSigned ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Content) : undefined;
}
