/** Two users. A real application stores the hashes in its database, and never the passwords. */
import { hashPassword, isPassword } from './passwords.js';

export interface User {
  readonly username: string;
}

/** Shown at the start, so that there is something to try. */
export const demoPasswords: Readonly<Record<string, string>> = { alice: 'wonderland', bob: 'can we fix it' };

const hashes = new Map(
  await Promise.all(
    Object.entries(demoPasswords).map(
      async ([username, password]) => [username, await hashPassword(password)] as const,
    ),
  ),
);

/** Returns null for a wrong password and for an unknown name, after the same time. */
export async function findUser(username: string, password: string): Promise<User | null> {
  return (await isPassword(password, hashes.get(username))) ? { username } : null;
}
