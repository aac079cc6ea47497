/** Which subject an address of the page names: by its key as lists show it, or by what an operator typed. */
import { LockoutConfigError } from '../../../errors.js';
import { ENGINE, type Lockout } from '../../../lockout.js';
import { ask } from '../../../operator/each-record.js';
import { canonicalParts, givenKey } from '../../../operator/find-subject.js';
import type { ResolvedOptions } from '../../../options/resolve.js';
import type { SubjectRecord } from '../../../policy/replies.js';
import type { Dimension } from '../../../subject/dimension.js';
import { isStandIn, type SubjectParts, storedPartsOf } from '../../../subject/key.js';
import { toPart } from '../../../subject/part.js';
import { exactName } from '../../../util/printable.js';
import type { SubjectRef } from '../../view/subject-ref.js';
import { isLogged } from './logged.js';

export interface Found {
  readonly kind: 'found';
  readonly subject: SubjectRef;
  /** Null while nothing is known of it. */
  readonly record: SubjectRecord | null;
  /** Undefined for a dimension that is not counted, or not any more. */
  readonly dimension: Dimension | undefined;
}

export type Finding =
  | Found
  /** The same subject in canonical spelling. */
  | { readonly kind: 'other'; readonly key: string }
  | { readonly kind: 'wrong' | 'unknown'; readonly message: string };

/** @throws {LockoutStoreError} if the store fails */
export async function findByKey(lockout: Lockout, given: string): Promise<Finding> {
  const engine = lockout[ENGINE];
  const { options } = engine;
  const key = orMessage(() => givenKey(options, { key: given }));
  if (typeof key !== 'object') return wrong('This is not the key of a subject.');
  const parts = storedPartsOf(key.value);
  const name = Object.keys(parts).join('+');
  const record = await ask(engine, 'read', (store) => store.read(key.value));
  const dimension = options.dimensions.named(name);
  const found = (): Found => ({
    kind: 'found',
    subject: { key: key.value, dimension: name, parts: record?.parts ?? printable(parts) },
    record,
    dimension,
  });
  // Whatever is stored is shown: its spelling may have been canonical under other options.
  if (record) return found();
  if (!Object.values(parts).some(isStandIn)) {
    const canonical = orMessage(() => keyOf(options, parts));
    if (typeof canonical === 'string') return wrong(canonical);
    if (canonical.value !== key.value && isSettled(options, canonical.value))
      return { kind: 'other', key: canonical.value };
  }
  // Attempts from an address are logged even if it is not counted.
  if (dimension || Object.keys(parts).every(isLogged)) return found();
  return { kind: 'unknown', message: 'Nothing is stored under this key, and nothing is counted by these parts.' };
}

/** Finds a subject by what an operator typed, in any spelling. */
export function findByName(lockout: Lockout, { username, ip }: { username?: string; ip?: string }): Finding {
  const { options } = lockout[ENGINE];
  const parts = { ...(ip !== undefined && { ip }), ...(username !== undefined && { username }) };
  const key = orMessage(() => keyOf(options, parts));
  return typeof key === 'string' ? wrong(key) : { kind: 'other', key: key.value };
}

/** @param parts - as lists show them, or as they were typed */
function keyOf(options: ResolvedOptions, parts: SubjectParts): string {
  const exact = Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, exactName(value)]));
  const known = [...new Set([...options.dimensions.partNames(), 'ip', 'username'])];
  const canonical = canonicalParts(options, exact, known);
  return options.keys.toSubject(Object.keys(canonical).join('+'), canonical).key;
}

/** Whether the canonical spelling stays as it is: a function of the application that changes it again would send browsers around. */
function isSettled(options: ResolvedOptions, key: string): boolean {
  const parts = storedPartsOf(key);
  if (Object.values(parts).some(isStandIn)) return true;
  const again = orMessage(() => keyOf(options, parts));
  return typeof again === 'object' && again.value === key;
}

function printable(parts: SubjectParts): SubjectParts {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [toPart(name), toPart(value)]));
}

/** Returns what is wrong with the input, in words, if the lockout refuses it. */
function orMessage<T>(read: () => T): { readonly value: NonNullable<T> } | string {
  try {
    const value = read();
    return value === undefined || value === null ? '' : { value };
  } catch (error) {
    if (error instanceof LockoutConfigError) return error.message;
    throw error;
  }
}

function wrong(message: string): Finding {
  return { kind: 'wrong', message };
}
