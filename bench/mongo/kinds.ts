/** The kinds of logins, and the clients that make them. */
import { RIGHT_PASSWORD } from '../login.js';
import type { System } from './systems.js';

/** `refused`: the username is locked, the address is not. */
export const KINDS = ['good', 'failed', 'refused'] as const;
export type Kind = (typeof KINDS)[number];

const EXPECTED_STATUS = { good: 200, failed: 401, refused: 429 } as const satisfies Record<Kind, number>;

/** Makes one login of a client; no two clients share a name or an address. */
export async function logIn(system: System, kind: Kind, client: number): Promise<void> {
  const status = await attempt(system, kind, client);
  const expected = system.name === 'plain' && kind === 'refused' ? EXPECTED_STATUS.failed : EXPECTED_STATUS[kind];
  if (status !== expected) throw new Error(`${system.name}, ${kind}: expected the answer ${expected}, got ${status}`);
}

/** Logs in twice, so that the records exist, as for all but the first login, and `refused` subjects are locked. */
export async function prepareClient(system: System, kind: Kind, client: number): Promise<void> {
  await attempt(system, kind, client);
  await attempt(system, kind, client);
}

/** Makes one attempt of a client; its first one meets no records. */
export function attempt({ login }: System, kind: Kind, client: number): Promise<number> {
  const password = kind === 'good' ? RIGHT_PASSWORD : 'wrong';
  return login(`${kind}-${client}`, password, `10.${KINDS.indexOf(kind)}.${client >> 8}.${client & 255}`);
}
