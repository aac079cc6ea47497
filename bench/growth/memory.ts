import { MemoryStore } from '../../lib/index.js';
import { createOursForAll } from '../compare/ours.js';
import { nextTurn } from '../compare/run-attempts.js';
import type { WithPair } from './pair.js';

/** A real process serves other requests in between. */
const LOGINS_PER_TURN = 1_000;
const NAMES = 5_000;
/** Room for the subjects of the logins. */
const ROOM = 1_000_000;

/** Fills the one store by a failed login for each name. */
export const withTwoMemories: WithPair = async (subjects, use) => {
  const store = new MemoryStore({ maxSubjects: subjects + ROOM });
  const empty = createOursForAll(new MemoryStore({ maxSubjects: subjects + ROOM }));
  const full = createOursForAll(store);
  for (let index = 0; store.size < subjects; index += 1) {
    const ip = `198.18.${(index >> 4) & 255}.${index & 15}`;
    await full.login({ username: `someone-${index}@example.org`, password: 'wrong', ip });
    if (index % LOGINS_PER_TURN === 0) await nextTurn();
  }
  await use({ description: `${store.size.toLocaleString('en')} subjects by failed logins`, empty, full, names: NAMES });
  await empty.close?.();
  await full.close?.();
};
