/** Devices that have logged in before: recognised when an attempt begins, and given a token when it succeeds. */
import type { AnyRequest, Attempt } from '../subject/attempt.js';
import { isOneUser } from '../subject/given-name.js';
import { type GivenToken, RequestDevices } from './device-of-request.js';
import type { KnownDevicesRules } from './resolve.js';
import { DeviceTokens, isRenewalDue } from './token.js';

/** Watches whether tokens reach the browsers, and come back. */
export interface TokenWatch {
  /** Called when a request presents a token. */
  seeToken(): void;
  /** Called for each token that an attempt is given. */
  seeGiven(given: GivenToken, attempt: Attempt): void;
}

export class KnownDevices {
  readonly maxAgeMs: number;
  readonly tokens: DeviceTokens;
  readonly #requests: RequestDevices;
  readonly #clock: () => number;
  readonly #watch: TokenWatch;

  /** @param clock - the store's clock, as far as this process knows it */
  constructor({ secrets, options }: KnownDevicesRules, clock: () => number, watch: TokenWatch) {
    this.maxAgeMs = options.maxAgeMs;
    this.tokens = new DeviceTokens(secrets, options.cookie.name);
    this.#requests = new RequestDevices(options, process.env['NODE_ENV'] === 'production');
    this.#clock = clock;
    this.#watch = watch;
  }

  /**
   * Returns the attempt with its device, or unchanged if that does not matter because there is no name or no request. An OAuth
   * client has no device: a client registered under the name of a user would be given tokens for that user.
   */
  recognise(attempt: Attempt): Attempt {
    const { req, username, spelling } = attempt;
    if (!req || !username || !spelling || !isOneUser(username)) return attempt;
    const shown = this.#requests.tokensOf(req);
    if (shown.length > 0) this.#watch.seeToken();
    const token = this.tokens.recognise(shown, spelling, this.#clock(), this.maxAgeMs);
    if (token) return { ...attempt, device: 'known', token };
    return this.#requests.canKeep(req) ? { ...attempt, device: 'unknown' } : attempt;
  }

  /** Whether the request presents anything that looks like a token, whoever made it. */
  areShownBy(req: AnyRequest): boolean {
    return this.#requests.tokensOf(req).length > 0;
  }

  /**
   * Gives the device of a successful attempt a token if it has none for this name, or an old one.
   *
   * @param now - the store's time; undefined if the store was not called
   * @returns undefined if there is nothing to give
   */
  issueFor(attempt: Attempt, now: number = this.#clock()): GivenToken | undefined {
    const { req, spelling, device, token } = attempt;
    if (!req || !spelling || !device) return undefined;
    if (token && !isRenewalDue(token, now)) return undefined;
    const given = this.#requests.give(req, this.tokens.issue(spelling, now, token?.id));
    this.#watch.seeGiven(given, attempt);
    return given;
  }

  /**
   * Gives a device a token for this name, regardless of the tokens it has.
   *
   * @param since - tokens issued before this instant are invalid
   */
  trust(req: AnyRequest, spelling: string, since: number): GivenToken {
    const now = Math.max(this.#clock(), since);
    return this.#requests.give(req, this.tokens.issue(spelling, now));
  }

  /** Does the same for the digest of a name, as an unlock token carries it. */
  trustDigest(req: AnyRequest, digest: string, secretIndex: number, since: number): GivenToken {
    const now = Math.max(this.#clock(), since);
    return this.#requests.give(req, this.tokens.issueForDigest(digest, now, secretIndex));
  }

  cookieOf(req: AnyRequest): string | undefined {
    return this.#requests.cookieOf(req);
  }
}
