/** Who is let in, and what they may do: what the application's `authorize` returned, checked. */
import * as z from 'zod/mini';
import { isObject } from '../../util/is-object.js';
import { exactName } from '../../util/printable.js';
import { custom, note, oneOf } from '../../validation/fields.js';
import { validateOptions } from '../../validation/validate.js';
import { PERMISSIONS, type Permission, type Viewer } from './permissions.js';

/** What `authorize` returns for a person who may see the pages. */
export interface AdminViewer {
  /** The name under which changes are recorded; 1 to 1,000 characters. */
  readonly actor: string;
  /**
   * What the person may change or take away, besides looking, which everybody may who is let in: `'unblock'`, `'block'`,
   * `'export'`, `'erase'`.
   */
  readonly can: readonly Permission[];
}

const EXPECTED = "false, or an object such as { actor: 'carol', can: ['unblock'] }";
const viewerSchema = z.strictObject(
  {
    actor: note,
    can: z.array(oneOf(...PERMISSIONS), `a list of ${PERMISSIONS.join(', ')}`),
  } satisfies Record<keyof AdminViewer, z.ZodMiniType>,
  EXPECTED,
);
const answerSchema = custom<unknown>(EXPECTED, isObject);

/**
 * @returns undefined for false: nobody is let in by mistake, such as `undefined` of a function without a `return`
 * @throws {LockoutConfigError} for anything that is neither false nor a viewer, such as an unknown permission
 */
export function toViewer(answer: unknown): Viewer | undefined {
  if (answer === false) return undefined;
  validateOptions(answerSchema, answer, 'authorize()');
  const { actor, can } = validateOptions(viewerSchema, answer, 'authorize()');
  const permissions = new Set<Permission>(['look', ...can]);
  return { actor, by: exactName(actor), can: (permission) => permissions.has(permission) };
}
