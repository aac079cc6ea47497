/** What a client has sent in one request, as parsers left it, examined up to a limit. */

import type { LockoutRequest } from '../../subject/attempt.js';
import { asked } from '../../util/asked.js';

/** No login form has this many members; a client that sends more is hiding something. */
const MAX_MEMBERS = 1_000;
/** No login form has this many fields that could hold a name or a secret. */
const MAX_FIELDS = 64;
/** No strategy reads a field with a longer name. */
export const MAX_NAME_CHARS = 64;
/** No real username is this long; longer values are not folded for comparison. */
const MAX_VALUE_CHARS = 4_096;
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

const CONTAINERS = ['body', 'query', 'params', 'headers', 'cookies', 'fields', 'file', 'files'] as const;
/** Properties of a request that hold a form; fields and files as left by multer, express-formidable and others. */
const FORM = ['body', 'query', 'params', 'fields', 'file', 'files'] as const;
const NAME = /user|login|mail|account|member|customer|phone|mobile|nick|handle|identi|name/i;
const SECRET = /pass|pwd|pin|secret|code|otp|key|token/i;

export interface SentFields {
  /** Values of fields named like a username. */
  readonly names: readonly unknown[];
  /** Values of fields named like a password. */
  readonly secrets: readonly unknown[];
  /** False if there is more than was examined. */
  readonly isWhole: boolean;
}

export function sentFields(req: LockoutRequest): SentFields {
  const names: unknown[] = [];
  const secrets: unknown[] = [];
  const end = look(req, (field, value) => {
    if (field.length > MAX_NAME_CHARS) return false;
    const isName = NAME.test(field);
    const isSecret = SECRET.test(field);
    if (!isName && !isSecret) return false;
    if (isName) names.push(value);
    if (isSecret) secrets.push(value);
    return names.length + secrets.length > MAX_FIELDS || hidesText(value);
  });
  return { names, secrets, isWhole: end === 'all seen' };
}

/** Whether there is a form that no parser has turned into fields. */
export function hasUnparsedForm(req: LockoutRequest): boolean {
  return FORM.some((name) => {
    const holder = containerOf(req, name);
    return isFilled(holder) && !isRecord(holder);
  });
}

/** Whether a form holds anything: a value, or a name that is not a field's. Also true if there is more than was examined. */
export function hasFilledField(req: LockoutRequest, isNameOfField: (name: string) => boolean): boolean {
  const isAnything = (field: string, value: unknown) => (isFilled(value) && !isRecord(value)) || !isNameOfField(field);
  return look(req, isAnything, FORM) !== 'all seen';
}

/** Looks for a filled-in form field with a matching name. */
export function lookInForm(req: LockoutRequest, isSuch: (name: string) => boolean): LookEnd {
  return look(req, (field, value) => isFilled(value) && !isRecord(value) && isSuch(field), FORM);
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Whether a cookie is named like a password, or may be. */
export function isSecretName(name: string): boolean {
  return name.length > MAX_NAME_CHARS || SECRET.test(name);
}

/** Whether a text beyond the comparable length may hide a name: a picture in Base64 does not, a wall of blanks may. */
function hidesText(value: unknown): boolean {
  return isTooLong(value) && !VISIBLE_ASCII.test(value);
}

export function isTooLong(value: unknown): value is string {
  return typeof value === 'string' && value.length > MAX_VALUE_CHARS;
}

/** Whether this very object was built from what the client sent; `perhaps` if there is more than was examined. */
export function isSent(object: object, req: LockoutRequest): 'yes' | 'no' | 'perhaps' {
  if (CONTAINERS.some((name) => containerOf(req, name) === object)) return 'yes';
  const end = look(req, (_, value) => value === object);
  if (end === 'stopped') return 'yes';
  return end === 'all seen' ? 'no' : 'perhaps';
}

type LookEnd = 'all seen' | 'stopped' | 'too many';

/**
 * Visits every member at any depth, outer ones first; an item of a list has the name of the list.
 *
 * @param visit - returns true to stop
 */
function look(
  req: LockoutRequest,
  visit: (field: string, value: unknown) => boolean,
  containers: readonly (typeof CONTAINERS)[number][] = CONTAINERS,
): LookEnd {
  const queue: { readonly name: string; readonly holder: object }[] = [];
  for (const container of containers) {
    const holder = containerOf(req, container);
    if (isRecord(holder)) queue.push({ name: container, holder });
  }
  let left = MAX_MEMBERS;
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { name, holder } = next;
    const keys = Array.isArray(holder) ? undefined : Object.keys(holder);
    const values = holder as Readonly<Record<PropertyKey, unknown>>;
    const count = keys?.length ?? (holder as readonly unknown[]).length;
    if (count > left) return 'too many';
    left -= count;
    for (let index = 0; index < count; index += 1) {
      const field = keys ? (keys[index] as string) : name;
      const value = values[keys ? field : index];
      if (visit(field, value)) return 'stopped';
      if (isRecord(value)) queue.push({ name: field, holder: value });
    }
  }
  return 'all seen';
}

function containerOf(req: LockoutRequest, name: (typeof CONTAINERS)[number]): unknown {
  return asked(() => (req as Readonly<Record<string, unknown>>)[name]);
}

/** A list or a plain object, of any realm. Parsers create nothing else, and looking into other objects may run foreign code. */
function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
