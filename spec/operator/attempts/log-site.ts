/** A lockout whose attempt log is read, on a clock that each guess moves by a second. */
import { Lockout, type LockoutOptions, type LockoutStore } from '../../../lib/index.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';

export const ALICE = { username: 'alice', ip: '203.0.113.9', action: 'local' };
export const wrong = () => false;
export const right = () => true;

export type CreateStore = (clock: ManualClock) => LockoutStore;

export class LogSite {
  readonly #createStore: CreateStore;
  clock = new ManualClock();
  lockout!: Lockout;

  constructor(createStore: CreateStore) {
    this.#createStore = createStore;
  }

  start(options: LockoutOptions = {}): void {
    this.clock = new ManualClock();
    // Awaited, so that what an attempt left behind can be read right after it.
    this.lockout = new Lockout({ ...PATIENT, store: this.#createStore(this.clock), attemptLog: 'await', ...options });
  }

  async guess(username: string, { ip = '203.0.113.9', verify = wrong as () => boolean } = {}): Promise<void> {
    await this.lockout.protect({ username, ip }, verify);
    this.clock.advance({ seconds: 1 });
  }

  async namesOf(query: Parameters<Lockout['attempts']>[0] = {}): Promise<(string | null)[]> {
    return (await this.lockout.attempts(query)).items.map(({ username }) => username);
  }
}
