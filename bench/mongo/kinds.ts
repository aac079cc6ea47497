/** What a login may meet, and the clients that meet it. */
import { RIGHT_PASSWORD } from '../login.js';
import type { System } from './systems.js';

/** `refused`: the username is locked, the address is not. */
export const KINDS = ['good', 'failed', 'refused'] as const;
export type Kind = (typeof KINDS)[number];

const EXPECTED_STATUS = { good: 200, failed: 401, refused: 429 } as const satisfies Record<Kind, number>;

/** One login of a client; clients have neither name nor address in common. */
export async function logIn(system: System, kind: Kind, client: number): Promise<void> {
  const status = await attempt(system, kind, client);
  const expected = system.name === 'plain' && kind === 'refused' ? EXPECTED_STATUS.failed : EXPECTED_STATUS[kind];
  if (status !== expected) throw new Error(`${system.name}, ${kind}: expected the answer ${expected}, got ${status}`);
}

/** Twice, so that the records are there, as they are for all but the first login, and what is to be locked is locked. */
export async function prepareClient(system: System, kind: Kind, client: number): Promise<void> {
  await attempt(system, kind, client);
  await attempt(system, kind, client);
}

/** The first login of a client of whom nothing is known. */
export function attempt({ login }: System, kind: Kind, client: number): Promise<number> {
  const password = kind === 'good' ? RIGHT_PASSWORD : 'wrong';
  return login(`${kind}-${client}`, password, `10.${KINDS.indexOf(kind)}.${client >> 8}.${client & 255}`);
}
