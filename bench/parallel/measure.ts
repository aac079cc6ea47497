/** Sends logins for one name all at once, and counts what became of them. */
import { type Contender, STRICT } from '../compare/contender.js';
import { nextTurn } from '../compare/run-attempts.js';
import { RIGHT_PASSWORD } from '../login.js';

export const AT_ONCE = 60;
/** Wrong passwords of one name that are allowed. */
export const LIMIT = STRICT;
/** As long as a fast password hash takes. */
export const VERIFY_MS = 20;

export interface System {
  /** What it is, its version and where it counts, for a person. */
  readonly system: string;
  readonly contender: Pick<Contender, 'login' | 'prepare' | 'close'>;
  /** Returns how many passwords have been verified so far. */
  verified(): number;
}

/** For each run one count. */
export interface Outcome {
  readonly system: string;
  /** Of the wrong passwords. */
  readonly verified: readonly number[];
  /** Of the right ones. */
  readonly succeeded: readonly number[];
}

export async function measure({ system, contender, verified }: System, runs: number): Promise<Outcome> {
  const ofWrong: number[] = [];
  const ofRight: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const before = verified();
    await send(contender, `guessed-${run}`, 'wrong');
    ofWrong.push(verified() - before);
    const statuses = await send(contender, `busy-${run}`, RIGHT_PASSWORD);
    ofRight.push(statuses.filter((status) => status === 200).length);
  }
  await contender.close?.();
  return { system, verified: ofWrong, succeeded: ofRight };
}

async function send(
  { login, prepare }: System['contender'],
  username: string,
  password: string,
): Promise<readonly number[]> {
  const attempts = Array.from({ length: AT_ONCE }, () => ({ username, password, ip: '192.0.2.1' }));
  await prepare?.(attempts.map((attempt) => ({ ...attempt, statuses: [] })));
  const answers: Promise<number>[] = [];
  for (const attempt of attempts) {
    answers.push(login(attempt));
    // As requests arrive from a network: in turns of their own, and all of them long before the first password is verified.
    await nextTurn();
  }
  return Promise.all(answers);
}
