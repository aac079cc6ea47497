/** People and programs that come to a lockout by `protect`, with the device cookie that they were given, or without. */
import type { AnyRequest, Lockout, LockoutRequest, ProtectOptions, ProtectResult } from '../../../lib/index.js';

/** Of the option `secret`. */
export const SECRET = 'a secret of the specs, of more than 32 characters';
export const HOME = '203.0.113.1';

export interface Guess extends Omit<ProtectOptions<unknown>, 'guess'> {
  /** Another address than the browser's own. */
  readonly ip?: string;
  /** What is typed; as good as unique if not given, so that no guess repeats another. */
  readonly password?: string;
}

let guesses = 0;

/** A browser that keeps cookies. Its requests show no response, as in Fastify: the cookie is asked for. */
export class Browser {
  readonly lockout: Lockout;
  readonly ip: string;
  /** What it sends as `Cookie`; empty at first. */
  cookie = '';

  constructor(lockout: Lockout, { ip = HOME, cookie = '' }: { readonly ip?: string; readonly cookie?: string } = {}) {
    this.lockout = lockout;
    this.ip = ip;
    this.cookie = cookie;
  }

  /** A request as this browser sends it, over https. */
  request(ip = this.ip): LockoutRequest {
    const socket = { remoteAddress: ip, encrypted: true };
    return { ip, socket, method: 'POST', url: '/login', headers: this.cookie ? { cookie: this.cookie } : {} };
  }

  /** Tries a password, or a code: `succeeded`, `failed` or `refused`. */
  async tries(username: string, isRight: boolean, guess: Guess = {}): Promise<string> {
    return (await this.answers(username, () => isRight, guess)).outcome;
  }

  async answers(
    username: string,
    verify: () => unknown,
    { ip, password = `guess ${++guesses}`, ...options }: Guess = {},
  ): Promise<ProtectResult<unknown>> {
    const req = this.request(ip);
    const result = await this.lockout.protect({ username, req }, verify, { guess: password, ...options });
    this.keep(this.lockout.deviceCookie(req));
    return result;
  }

  logsIn(username: string, guess: Guess = {}): Promise<string> {
    return this.tries(username, true, guess);
  }

  /** @param header - a value of `Set-Cookie`; undefined if none came */
  keep(header: string | undefined): void {
    if (header !== undefined) this.cookie = header.split(';')[0] as string;
  }
}

/** A request that shows its address and a cookie, and nothing else. @param header - a value of `Set-Cookie` */
export function bareRequest(header = ''): AnyRequest {
  return { ip: '198.51.100.4', headers: { cookie: header.split(';')[0] as string } };
}

/** Wrong passwords of strangers, each from an address of its own, until the name is locked. */
export async function lockByStrangers(lockout: Lockout, username: string): Promise<void> {
  for (let address = 1; !(await lockout.status({ username })).locked; address += 1) {
    await new Browser(lockout, { ip: `198.51.100.${address}` }).tries(username, false);
  }
}

/** A browser that has logged in to this account. */
export async function knownBrowser(lockout: Lockout, username: string, ip = HOME): Promise<Browser> {
  const browser = new Browser(lockout, { ip });
  await browser.logsIn(username);
  return browser;
}
