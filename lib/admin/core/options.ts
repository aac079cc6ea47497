/** The options of `createAdmin`. */
import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { aFunction, anObject, custom } from '../../validation/fields.js';
import { validateOptions } from '../../validation/validate.js';
import type { AdminViewer } from './authorize.js';
import { canonicalPath } from './base-path.js';

/** Options of `createAdmin`. */
export interface AdminOptions<Req extends object = IncomingMessage> {
  /**
   * Decides who sees the pages: returns false, or the person's name and what they may do. May return a promise. Called for every
   * request but those for styles and scripts. What it throws is passed to `next`, or rejects `fetch`.
   */
  readonly authorize: (req: Req) => false | AdminViewer | Promise<false | AdminViewer>;
  /**
   * Where the pages are, as the browser sees it, such as `/admin/lockout`. Needed without a router that says so (Express, Connect
   * and Nest do), and behind a proxy that removes a prefix.
   * @default the path at which the router has mounted them, else '/'
   */
  readonly basePath?: string | undefined;
  /**
   * The origin of the pages, as the browser sees it, such as `https://admin.example.com`. Needed behind a proxy that changes the
   * header `Host`, for browsers that do not send `Sec-Fetch-Site`.
   * @default the host of the request
   */
  readonly origin?: string | undefined;
}

export interface ResolvedAdminOptions {
  readonly authorize: (req: object) => unknown;
  /** Without a slash at its end, encoded; undefined if the option is not set. */
  readonly basePath: string | undefined;
  readonly origin: string | undefined;
}

const schema = z.strictObject(
  {
    authorize: aFunction('that returns false or { actor, can }'),
    basePath: z.optional(
      custom<string>(
        'a path that begins with a slash, such as /admin/lockout',
        (value) => typeof value === 'string' && canonicalPath(value) !== undefined,
      ),
    ),
    origin: z.optional(custom<string>('an origin, such as https://admin.example.com', isOrigin)),
  } satisfies Record<keyof AdminOptions, z.ZodMiniType>,
  anObject,
);

/** @throws {LockoutConfigError} naming each wrong option, the expected value and the actual one */
export function resolveAdminOptions(options: unknown): ResolvedAdminOptions {
  validateOptions(schema, options, 'options');
  const { authorize, basePath, origin } = options as AdminOptions<object>;
  return { authorize, basePath: basePath === undefined ? undefined : canonicalPath(basePath), origin };
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value && value !== 'null';
}
