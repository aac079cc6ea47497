/** Takes turns with a lockout, and writes down each attempt and act before and after. */
import type { Lockout, LockoutRequest, ProtectResult } from '../../lib/index.js';
import type { Journal } from './journal.js';
import type { Login, Turn } from './traffic.js';

export interface ClientParts {
  readonly lockout: Lockout;
  readonly journal: Journal;
  /** Unique over all processes and their restarts. */
  readonly worker: string;
  readonly random: () => number;
  readonly onAttempt: () => void;
}

const MAX_VERIFY_MS = 15;
/** The user agent of an attempt, by which events and the attempt log name it. */
export const AGENT = 'soak/';

export class Client {
  readonly #parts: ClientParts;
  /** The cookies of people's browsers. */
  readonly #cookies = new Map<string, string>();
  #last = 0;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  async take(turn: Turn): Promise<void> {
    if (turn.kind === 'act') await this.#act(turn);
    else if (turn.kind === 'burst') await Promise.all(turn.logins.map((login) => this.#login(login)));
    else for (const login of turn.logins) await this.#login(login);
  }

  async #login({ name, ip, right, withCookie }: Login): Promise<void> {
    const { lockout, journal, random, onAttempt } = this.#parts;
    const id = this.#nextId();
    const cookie = withCookie ? this.#cookies.get(`${name} ${ip}`) : undefined;
    const headers = { 'user-agent': `${AGENT}${id}`, host: 'localhost', ...(cookie && { cookie }) };
    const req = { headers, ip, socket: { remoteAddress: ip, encrypted: true } };
    const verifyMs = random() * MAX_VERIFY_MS;
    onAttempt();
    journal.write({ t: 'begin', id, name, ip, right, cookie: cookie !== undefined });
    try {
      const result = await lockout.protect({ username: name, req }, async () => {
        journal.write({ t: 'verify', id });
        await new Promise((resolve) => setTimeout(resolve, verifyMs));
        journal.write({ t: 'verified', id });
        return right;
      });
      journal.write({ t: 'answer', id, outcome: result.outcome, code: codeOf(result) });
      if (result.outcome === 'succeeded' && withCookie) this.#keep(`${name} ${ip}`, req);
    } catch (error) {
      journal.write({ t: 'answer', id, outcome: 'error', code: String(error) });
    }
  }

  async #act({ what, part, value, forMs = 0 }: Extract<Turn, { readonly kind: 'act' }>): Promise<void> {
    const { lockout, journal } = this.#parts;
    const act = this.#nextId();
    const subject = { [part]: value };
    journal.write({ t: 'act', act, what, part, value, ...(what === 'block' && { forMs }) });
    try {
      let until: number | undefined;
      if (what === 'block') {
        const { lockedUntil } = await lockout.block(subject, { for: { milliseconds: forMs } });
        until = lockedUntil?.getTime();
      } else if (what === 'unblock') await lockout.unblock(subject);
      else await lockout.reset(subject);
      journal.write({ t: 'acted', act, failed: false, until });
    } catch {
      // The store did not answer; whether it did it, the checker leaves open.
      journal.write({ t: 'acted', act, failed: true });
    }
  }

  #keep(browser: string, req: LockoutRequest): void {
    const cookie = this.#parts.lockout.deviceCookie(req);
    if (cookie !== undefined) this.#cookies.set(browser, cookie.slice(0, cookie.indexOf(';')));
  }

  #nextId(): string {
    this.#last += 1;
    return `${this.#parts.worker}-${this.#last}`;
  }
}

function codeOf(result: ProtectResult<boolean>): string | undefined {
  return result.outcome === 'succeeded' ? undefined : result.locked?.code;
}
