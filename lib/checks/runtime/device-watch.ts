/** Whether the tokens of known devices reach the browsers, and come back. */
import type { Found } from '../finding.js';

/** This many new devices that never come back are no coincidence. */
const MAX_LOST = 20;
/** This many cookies that nobody put on a response. */
const MAX_UNSET = 3;

const COOKIE_LOST: Found = {
  code: 'WARN_LOCKOUT_DEVICE_COOKIE_LOST',
  message:
    'many logins were given a device cookie and none came back, so no device is known; look for a proxy that strips cookies, for plain ' +
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
  #given = 0;
  #unset = 0;
  #hasComeBack = false;
  #isAsked = false;

  /** @param tell - may be called with the same finding more than once */
  constructor(tell: (finding: Found) => void) {
    this.#tell = tell;
  }

  /** Called when a request shows a token. */
  seeToken(): void {
    this.#hasComeBack = true;
  }

  /** Called when the application asks for a cookie that we could not set. */
  seeAsked(): void {
    this.#isAsked = true;
  }

  seeGiven({ isSet, isSecure }: Given): void {
    this.#given += 1;
    if (!isSet) this.#unset += 1;
    if (!isSecure) this.#tell(COOKIE_INSECURE);
    if (this.#unset >= MAX_UNSET && !this.#isAsked) this.#tell(COOKIE_UNSET);
    else if (this.#given >= MAX_LOST && !this.#hasComeBack) this.#tell(COOKIE_LOST);
  }
}
