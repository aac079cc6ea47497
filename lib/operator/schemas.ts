/** Schemas of the operators' queries. */
import * as z from 'zod';
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
      dimension: text.optional(),
      locked: aBoolean.optional(),
      username: text.optional(),
      ip: text.optional(),
      order: oneOf('key', 'lockedUntil').optional(),
      limit: pageLimit,
      cursor: custom<string>(CURSOR_EXPECTED, (value) => parseListCursor(value) !== undefined).nullish(),
    } satisfies Record<keyof ListQuery, z.ZodType>,
    anObject,
  )
  .refine(({ order, locked }) => order !== 'lockedUntil' || locked !== false, {
    path: ['order'],
    message: "'key' if subjects that are not locked are listed, too",
  });

/** Who acts, and why. */
export const actorFields = { by: note.optional(), reason: note.optional() };

const FOR_OR_UNTIL = 'either { for } or { until }, such as { for: { minutes: 15 } }';
export const blockSchema = z
  .strictObject(
    {
      for: cooloff.optional(),
      until: aDate.optional(),
      ...actorFields,
    } satisfies Record<keyof BlockOptions, z.ZodType>,
    FOR_OR_UNTIL,
  )
  .refine((options) => (options.for === undefined) !== (options.until === undefined), FOR_OR_UNTIL);

export const actorSchema = z.strictObject(actorFields satisfies Record<keyof ActorOptions, z.ZodType>, anObject);

export const resetSchema = z
  .strictObject(
    {
      ip: text.optional(),
      username: text.optional(),
      match: oneOf('all', 'any').optional(),
      all: onlyTrue.optional(),
      ...actorFields,
      ...longRunningFields,
    } satisfies Record<keyof ResetQuery, z.ZodType>,
    anObject,
  )
  .refine(
    ({ ip, username, match, all }) =>
      all === undefined ? ip !== undefined || username !== undefined : (ip ?? username ?? match) === undefined,
    'an ip, a username or both, or alone { all: true } for every subject',
  );

export const eraseSchema = z.strictObject(
  { username: text, ...actorFields, ...longRunningFields } satisfies Record<keyof EraseQuery, z.ZodType>,
  anObject,
);

export const longRunningSchema = z.strictObject(longRunningFields, anObject);
