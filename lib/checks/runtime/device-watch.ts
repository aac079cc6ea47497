/** Whether the tokens of known devices reach the browsers, and come back. */
import { createHash } from 'node:crypto';
import type { Attempt } from '../../subject/attempt.js';
import { parseIp } from '../../subject/ip.js';
import type { Found } from '../finding.js';

/**
 * This many logins without the cookie that the same browser was given are no coincidence. Logins of new browsers say nothing: on
 * the first day there are no others.
 */
const MAX_LOST = 20;
/** The first clients that were given one; they log in again sooner or later. */
const MAX_CLIENTS = 1_000;
/** This many cookies that nobody put on a response. */
const MAX_UNSET = 3;

const COOKIE_LOST: Found = {
  code: 'WARN_LOCKOUT_DEVICE_COOKIE_LOST',
  message:
    'browsers were given a device cookie and log in again without it, so no device is known; look for a proxy that strips cookies, for plain ' +
    'http in production, or for a client without cookies, which needs knownDevices.read and write',
  option: 'knownDevices',
};
const COOKIE_UNSET: Found = {
  code: 'WARN_LOCKOUT_DEVICE_COOKIE_UNSET',
  message:
    'the request does not show its response, so the device cookie was not set; set lockout.deviceCookie(request) as a Set-Cookie ' +
    'header, in Fastify in a hook onSend',
  option: 'knownDevices',
};
const COOKIE_INSECURE: Found = {
  code: 'WARN_LOCKOUT_DEVICE_COOKIE_INSECURE',
  message:
    'a login came over plain http, so its device cookie is neither Secure nor bound to the host; in production it always is',
  option: 'knownDevices',
};

/** What became of a token that was given. */
interface Given {
  readonly isSet: boolean;
  readonly isSecure: boolean;
}

export class DeviceWatch {
  readonly #tell: (finding: Found) => void;
  #unset = 0;
  #lost = 0;
  /** Digests of the clients that were given a token; undefined once one has come back. */
  #clients: Set<string> | undefined = new Set();
  #isAsked = false;

  /** @param tell - may be called with the same finding more than once */
  constructor(tell: (finding: Found) => void) {
    this.#tell = tell;
  }

  /** Called when a request shows a token. */
  seeToken(): void {
    this.#clients = undefined;
  }

  /** Called when the application asks for a cookie that we could not set. */
  seeAsked(): void {
    this.#isAsked = true;
  }

  /** Called when an attempt that showed no token, or an old one, is given a token. */
  seeGiven({ isSet, isSecure }: Given, attempt: Attempt): void {
    if (!isSet) this.#unset += 1;
    if (!isSecure && !isLocal(attempt)) this.#tell(COOKIE_INSECURE);
    if (this.#unset >= MAX_UNSET && !this.#isAsked) this.#tell(COOKIE_UNSET);
    else if (this.#clients) this.#seeClient(this.#clients, clientOf(attempt));
  }

  #seeClient(clients: Set<string>, client: string): void {
    if (clients.has(client)) this.#lost += 1;
    else if (clients.size < MAX_CLIENTS) clients.add(client);
    if (this.#lost < MAX_LOST) return;
    this.#tell(COOKIE_LOST);
    this.#clients = undefined;
  }
}

/** On the developer's own machine; a proxy there that is not trusted has findings of its own. */
function isLocal({ address }: Attempt): boolean {
  return address !== undefined && parseIp(address)?.range() === 'loopback';
}

/** The same browser, as far as can be seen. Of bounded length, whatever the client sent. */
function clientOf({ spelling, ip, userAgent }: Attempt): string {
  return createHash('sha256')
    .update(JSON.stringify([spelling, ip, userAgent]))
    .digest('base64');
}
