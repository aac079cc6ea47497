/** The subjects an attempt takes a slot of, and those it only looks at. */
import type { Found } from '../checks/finding.js';
import { IP_MISSING, IP_NOT_GIVEN, IP_UNTOLD, NO_SUBJECT } from '../checks/runtime/findings.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { Policy } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import { type Dimension, subjectOf } from '../subject/dimension.js';
import type { SubjectParts } from '../subject/key.js';
import {
  DEVICE,
  DEVICES,
  deviceParts,
  devicesParts,
  SECOND_FACTOR,
  secondFactorParts,
} from '../subject/own-dimensions.js';
import { toPart } from '../subject/part.js';
import type { KeyRotation } from './key-rotation.js';
import type { Candidate } from './slots.js';

export class Candidates {
  readonly #options: ResolvedOptions;
  readonly #rotation: KeyRotation;
  readonly #onFinding: (finding: Found) => void;
  /** Policies reduced to their hard stop, created once each. */
  readonly #rowOnly = new WeakMap<Policy, Policy>();

  /** @param onFinding - may be called with the same finding more than once */
  constructor(options: ResolvedOptions, rotation: KeyRotation, onFinding: (finding: Found) => void) {
    this.#options = options;
    this.#rotation = rotation;
    this.#onFinding = onFinding;
  }

  of(attempt: Attempt): readonly Candidate[] {
    const { dimensions, keys, policyFor } = this.#options;
    const { username, token, factor } = attempt;
    const counted = dimensions.of(attempt);
    const candidates: Candidate[] = [];
    if (username !== undefined && (token || factor)) this.#addOwn(candidates, attempt, username);
    for (const dimension of counted) {
      const subject = subjectOf(dimension, attempt, keys);
      if (subject) {
        const policy = policyFor(dimension, attempt);
        const isOnlyRead = token !== undefined || (factor !== undefined && dimension.hasUsername);
        if (!isOnlyRead && !this.#rotation.isUnderWay) candidates.push({ subject, policy, keys });
        else {
          const takes = this.#rotation.candidatesOf(subject, policy);
          candidates.push(...(isOnlyRead ? takes.map((candidate) => this.#read(candidate, factor)) : takes));
        }
      } else if (attempt.ip === undefined && dimension.hasIp) {
        this.#onFinding(this.#ipMissing(attempt));
      }
    }
    if (username === undefined && counted.every(({ hasUsername }) => hasUsername)) this.#onFinding(NO_SUBJECT);
    return candidates;
  }

  /** Adds the device and all devices of the username, for a known device; for a second factor, the factor on any device. */
  #addOwn(candidates: Candidate[], attempt: Attempt, username: string): void {
    const { keys, policyFor } = this.#options;
    const name = toPart(username);
    const add = (dimension: Dimension, parts: SubjectParts, looksOnly = false) => {
      const subject = keys.toSubject(dimension.name, parts);
      const takes = this.#rotation.candidatesOf(subject, policyFor(dimension, attempt));
      candidates.push(...(looksOnly ? takes.map((candidate) => ({ ...candidate, looksOnly })) : takes));
    };
    if (attempt.factor) add(SECOND_FACTOR, secondFactorParts(name));
    else if (attempt.token) add(DEVICE, deviceParts(name, attempt.token.id));
    // It records which devices were revoked: otherwise one would stay known to the second factor, and would get no new token.
    if (attempt.token) add(DEVICES, devicesParts(name), attempt.factor !== undefined);
  }

  /**
   * An operator's lock and the hard stop hold for everyone; failures of strangers do not. NIST SP 800-63B-4, section 3.2.2,
   * limits the account, so a failure on a known device counts towards the hard stop as well.
   */
  #read(candidate: Candidate, factor: Attempt['factor']): Candidate {
    const policy = this.#rowOnlyOf(candidate.policy);
    return { ...candidate, policy, looksOnly: factor !== undefined || policy.hardStop === null };
  }

  #rowOnlyOf(policy: Policy): Policy {
    const known = this.#rowOnly.get(policy);
    if (known) return known;
    const rowOnly = { ...policy, rowOnly: true };
    this.#rowOnly.set(policy, rowOnly);
    return rowOnly;
  }

  #ipMissing({ req }: Attempt): Found {
    if (!req) return IP_NOT_GIVEN;
    return this.#options.clientIp ? IP_UNTOLD : IP_MISSING;
  }
}

/** Whether a subject is a known device, or all devices of a username: if it is locked, the device counts as unknown. */
export function isOfDevices({ dimension }: Candidate['subject']): boolean {
  return dimension === DEVICE.name || dimension === DEVICES.name;
}
