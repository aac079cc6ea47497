/** Writes logouts to the attempt log. */
import * as z from 'zod/mini';
import type { Engine } from '../engine.js';
import { checkRequest } from '../request/attempt-input.js';
import { readAttempt } from '../request/read-attempt.js';
import type { AnyRequest } from '../subject/attempt.js';
import { anObject } from '../validation/fields.js';
import { validateOptions } from '../validation/validate.js';

/** What `recordLogout` writes besides the request. */
export interface LogoutOptions {
  /** The user who logs out. */
  readonly username?: unknown | undefined;
}

const optionsSchema = z.strictObject(
  { username: z.optional(z.unknown()) } satisfies Record<keyof LogoutOptions, z.ZodMiniType>,
  anObject,
);

export async function recordLogout(engine: Engine, req: AnyRequest, options: LogoutOptions): Promise<void> {
  checkRequest(req, 'req');
  const { username } = validateOptions(optionsSchema, options, 'options');
  const attempt = readAttempt(engine.options, { req, username });
  await engine.report.record(attempt, { outcome: 'logout', reason: null, dimension: null, cause: null, tier: null });
}
