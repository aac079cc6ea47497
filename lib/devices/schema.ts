/** The schema of the option `knownDevices`. The texts complete the sentence "expected ..., got ...". */
import * as z from 'zod/mini';
import { aBoolean, addIssuesOf, aFunction, custom, durationMs, oneOf } from '../validation/fields.js';
import type { DeviceCookieOptions, KnownDevicesInput, KnownDevicesOptions } from './types.js';

const DAY_MS = 24 * 3_600_000;
const MIN_AGE_DAYS = 1;
/** Browsers keep no cookie longer than this (RFC 6265bis, section 5.5). */
const MAX_AGE_DAYS = 400;

const NAME = /^[\w.-]{1,64}$/;
/** Browsers compare these prefixes without regard to case. */
const PREFIXED = /^__(?:host|secure|http)/i;
const name = custom<string>(
  'a name of 1 to 64 letters, digits and _ - . without a prefix such as __Host-, which is set where it fits',
  (value) => typeof value === 'string' && NAME.test(value) && !PREFIXED.test(value),
);

/** A semicolon would end the value and begin an attribute. */
const PATH = /^\/[!-:<-~]{0,255}$/;
const path = custom<string>(
  "a path without blanks and semicolons, such as '/' or '/app'",
  (value) => typeof value === 'string' && PATH.test(value),
);

const LABEL = '[a-z\\d](?:[a-z\\d-]{0,61}[a-z\\d])?';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'i');
const MAX_DOMAIN_CHARS = 253;
const domain = custom<string>(
  "a domain such as 'example.com'",
  (value) => typeof value === 'string' && value.length <= MAX_DOMAIN_CHARS && DOMAIN.test(value),
);

const cookie = z
  .strictObject(
    {
      name: z.optional(name),
      secure: z.optional(aBoolean),
      sameSite: z.optional(oneOf('lax', 'strict', 'none')),
      path: z.optional(path),
      domain: z.optional(domain),
    } satisfies Record<keyof DeviceCookieOptions, z.ZodMiniType>,
    'an object { name, secure, sameSite, path, domain }',
  )
  .check(
    z.refine(({ secure, sameSite }) => secure !== false || sameSite !== 'none', {
      path: ['sameSite'],
      error: "'lax' or 'strict' beside secure: false: browsers refuse such a cookie",
    }),
  );

const knownDevicesOptions = z.strictObject(
  {
    cookie: z.optional(cookie),
    maxAge: z.optional(
      durationMs(`${MIN_AGE_DAYS} to ${MAX_AGE_DAYS} days`, MIN_AGE_DAYS * DAY_MS, MAX_AGE_DAYS * DAY_MS),
    ),
    read: z.optional(aFunction('of the request')),
    write: z.optional(aFunction('of the request and the value')),
  } satisfies Record<keyof KnownDevicesOptions, z.ZodMiniType>,
  'false, or an object { cookie, maxAge, read, write }',
);

export const knownDevices = z.unknown().check(
  z.superRefine((value, context) => {
    if (value !== false) addIssuesOf(knownDevicesOptions, value, context);
  }),
) as z.ZodMiniType<KnownDevicesInput>;
