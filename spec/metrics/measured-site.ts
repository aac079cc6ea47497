/** A lockout under traffic that touches every metric, from clients with telling names and addresses. */
import { Lockout, type LockoutOptions, MemoryStore } from '../../lib/index.js';
import { onEvery } from '../support/fixtures/ladders.js';

const USERNAME = 'alice"} 1\nforged_total{x="';
const IP = '203.0.113.9';
const OPERATOR = 'olga';
/** No label may contain any of these. */
export const TELLING = ['alice', 'bob', 'carol', 'forged', IP, OPERATOR, 'curl'];

class FailingOnce extends MemoryStore {
  isFailing = false;

  override reserveAll(...args: Parameters<MemoryStore['reserveAll']>) {
    if (this.isFailing) throw new Error('connection lost');
    return super.reserveAll(...args);
  }
}

export class MeasuredSite {
  readonly store = new FailingOnce();
  readonly lockout: Lockout;

  constructor(options: LockoutOptions = {}) {
    this.lockout = new Lockout({
      store: this.store,
      dimensions: ['username', 'ip', 'userAgent'],
      tiers: onEvery([{ failures: 2, cooloff: { minutes: 15 } }]),
      signals: { usernames: 2, newFailures: 1, factor: 1 },
      ...options,
    });
    this.lockout.on('warning', () => {});
    this.lockout.on('store_error', () => {});
  }

  attempt(username: string, isRight = false, action = 'local') {
    const req = { ip: IP, headers: { 'user-agent': 'curl/8' } };
    return this.lockout.protect({ username, req, action }, () => isRight);
  }

  /** One success, two failures of which the second locks three subjects, one refusal, a failing store, an unlock. */
  async run(): Promise<void> {
    await this.attempt('bob', true);
    await this.attempt(USERNAME);
    await this.attempt('carol');
    await this.attempt(USERNAME);
    this.store.isFailing = true;
    // The known lock of the address would be answered without the store.
    await this.lockout.protect({ username: 'bob', ip: '198.51.100.7', action: 'local' }, () => true);
    this.store.isFailing = false;
    await this.lockout.unblock({ ip: IP }, { by: OPERATOR });
    await this.lockout.block({ username: USERNAME }, { for: '1h', reason: 'alice asked', by: OPERATOR });
  }
}
