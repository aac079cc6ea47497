/** Subjects and policies that the store specs start from. */
import { KeyMaker, type Subject } from '../../lib/subject/key.js';

const keys = new KeyMaker();

export function username(name: string): Subject {
  return keys.toSubject('username', { username: name });
}

export function ip(address: string): Subject {
  return keys.toSubject('ip', { ip: address });
}
