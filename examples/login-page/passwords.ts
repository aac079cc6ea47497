/** Passwords as scrypt hashes; checking one costs the same for known and unknown users. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const HASH_BYTES = 32;
/** 16 MiB of memory, five passes: one of the settings of the OWASP Password Storage Cheat Sheet. */
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 5 };

export async function hashPassword(password: string, salt: Buffer = randomBytes(16)): Promise<PasswordHash> {
  const hash = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
  return { salt, hash };
}

/** The hash to compare with for unknown users, so that the time taken reveals nothing. */
const NOBODYS: PasswordHash = { salt: randomBytes(16), hash: randomBytes(HASH_BYTES) };

export async function isPassword(password: string, expected: PasswordHash | undefined): Promise<boolean> {
  const { salt, hash } = expected ?? NOBODYS;
  const given = await hashPassword(password, salt);
  return timingSafeEqual(given.hash, hash) && expected !== undefined;
}
