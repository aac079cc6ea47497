/** The option `knownDevices` with defaults filled in. */
import type { LockoutRequest } from '../subject/attempt.js';
import { parseDuration } from '../util/durations.js';
import type { SecretKeys } from '../util/secret-keys.js';
import { answeringAtOnce, guardFunction } from '../validation/guard-function.js';
import type { DeviceCookie } from './set-cookie.js';
import type { KnownDevicesInput } from './types.js';

const DEFAULT_MAX_AGE_MS = 365 * 24 * 3_600_000;
const READ_EXPECTED = 'a string, a list of strings, null or undefined';

export interface ResolvedKnownDevices {
  readonly cookie: DeviceCookie;
  readonly maxAgeMs: number;
  /** If undefined, the cookie is used. */
  readonly read: ((req: LockoutRequest) => string | readonly string[] | null | undefined) | undefined;
  readonly write: ((req: LockoutRequest, value: string) => void) | undefined;
}

/** How devices are known, and the secrets that sign their tokens. */
export interface KnownDevicesRules {
  readonly secrets: SecretKeys;
  readonly options: ResolvedKnownDevices;
}

/**
 * Fills in the defaults.
 *
 * @param input - as checked by the schema
 * @param label - prefix of the names of functions in errors
 * @returns undefined if known devices are off
 */
export function resolveKnownDevices(
  input: KnownDevicesInput = {},
  label = 'options.knownDevices',
): ResolvedKnownDevices | undefined {
  if (input === false) return undefined;
  const { cookie = {}, maxAge, read, write } = input;
  return {
    cookie: {
      name: cookie.name ?? 'lockout_device',
      secure: cookie.secure ?? true,
      sameSite: cookie.sameSite ?? 'lax',
      path: cookie.path ?? '/',
      domain: cookie.domain,
    },
    maxAgeMs: parseDuration(maxAge) ?? DEFAULT_MAX_AGE_MS,
    read: read && guardFunction(read, { name: `${label}.read`, expected: READ_EXPECTED, accepts: isReadable }),
    write: write && answeringAtOnce(write, `${label}.write`),
  };
}

function isReadable(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return [value].flat().every((text) => typeof text === 'string');
}
