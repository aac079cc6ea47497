/** Schemas of the operators' queries. */
import * as z from 'zod/mini';
import type { AnyRequest } from '../subject/attempt.js';
import { isObject } from '../util/is-object.js';
import {
  aBoolean,
  aDate,
  anObject,
  cooloff,
  custom,
  note,
  oneOf,
  onlyTrue,
  pageLimit,
  text,
} from '../validation/fields.js';
import { longRunningFields } from '../validation/long-running.js';
import { CURSOR_EXPECTED } from '../validation/wrong-cursor.js';
import { parseListCursor } from './list-cursor.js';
import type { ActorOptions, BlockOptions, EraseQuery, ListQuery, ResetQuery } from './types.js';

/** Its members are left to `checkRequest`. */
export const aRequest = custom<AnyRequest>('a request', isObject);

export const listSchema = z
  .strictObject(
    {
      dimension: z.optional(text),
      locked: z.optional(aBoolean),
      username: z.optional(text),
      ip: z.optional(text),
      order: z.optional(oneOf('key', 'lockedUntil')),
      limit: pageLimit,
      cursor: z.nullish(custom<string>(CURSOR_EXPECTED, (value) => parseListCursor(value) !== undefined)),
    } satisfies Record<keyof ListQuery, z.ZodMiniType>,
    anObject,
  )
  .check(
    z.refine(({ order, locked }) => order !== 'lockedUntil' || locked !== false, {
      path: ['order'],
      message: "'key' if subjects that are not locked are listed, too",
    }),
  );

/** Who acts, and why. */
export const actorFields = { by: z.optional(note), reason: z.optional(note) };

const FOR_OR_UNTIL = 'either { for } or { until }, such as { for: { minutes: 15 } }';
export const blockSchema = z
  .strictObject(
    {
      for: z.optional(cooloff),
      until: z.optional(aDate),
      ...actorFields,
    } satisfies Record<keyof BlockOptions, z.ZodMiniType>,
    FOR_OR_UNTIL,
  )
  .check(z.refine((options) => (options.for === undefined) !== (options.until === undefined), FOR_OR_UNTIL));

export const actorSchema = z.strictObject(actorFields satisfies Record<keyof ActorOptions, z.ZodMiniType>, anObject);

export const resetSchema = z
  .strictObject(
    {
      ip: z.optional(text),
      username: z.optional(text),
      match: z.optional(oneOf('all', 'any')),
      all: z.optional(onlyTrue),
      ...actorFields,
      ...longRunningFields,
    } satisfies Record<keyof ResetQuery, z.ZodMiniType>,
    anObject,
  )
  .check(
    z.refine(
      ({ ip, username, match, all }) =>
        all === undefined ? ip !== undefined || username !== undefined : (ip ?? username ?? match) === undefined,
      'an ip, a username or both, or alone { all: true } for every subject',
    ),
  );

export const eraseSchema = z.strictObject(
  { username: text, ...actorFields, ...longRunningFields } satisfies Record<keyof EraseQuery, z.ZodMiniType>,
  anObject,
);

export const longRunningSchema = z.strictObject(longRunningFields, anObject);
