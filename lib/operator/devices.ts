/** What an application and operators do with known devices: trust one, revoke all, look at them. */
import * as z from 'zod/mini';
import type { GivenToken } from '../devices/device-of-request.js';
import type { KnownDevices } from '../devices/known-devices.js';
import type { Engine } from '../engine.js';
import type { Act, Beginning } from '../log/activity-writer.js';
import { checkRequest, wrong } from '../request/attempt-input.js';
import type { AnyRequest } from '../subject/attempt.js';
import type { Subject } from '../subject/key.js';
import { DEVICE, DEVICES, devicesParts } from '../subject/own-dimensions.js';
import { anObject, text } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { ask, readAll, someRecords } from './each-record.js';
import { queriedParts, storedMatches } from './find-subject.js';
import { actorFields, actorSchema, aRequest } from './schemas.js';
import { toStatus } from './status.js';
import type { ActorOptions, SubjectStatus } from './types.js';

/** Whose devices `revokeDevices` revokes. */
export interface RevokeDevicesQuery extends ActorOptions {
  /** The account; in any spelling of the username, except for `except`. */
  readonly username: string;
  /**
   * The request of a browser that stays known, with `username` as its owner types it.
   * @default none
   */
  readonly except?: AnyRequest | undefined;
}

/** What is stored about the known devices of an account. A device that never failed leaves nothing in the store. */
export interface DevicesStatus {
  /** The username in canonical spelling. */
  readonly username: string;
  /** Tokens issued before this date are invalid; null if none were revoked. */
  readonly revokedAt: Date | null;
  /** Devices with failures or a lock, at most 100. */
  readonly devices: readonly SubjectStatus[];
}

/** A name as an unlock token carries it. */
export interface TrustedName {
  /** What a device token signs of it. */
  readonly digest: string;
  /** Of the records that say since when tokens are worth something. */
  readonly keys: readonly string[];
  /** What they said when it was made. */
  readonly since: number;
}

const MAX_DEVICES = 100;
const revokeSchema = z.strictObject(
  {
    username: text,
    except: z.optional(aRequest),
    ...actorFields,
  } satisfies Record<keyof RevokeDevicesQuery, z.ZodMiniType>,
  anObject,
);

export class DeviceDesk {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async trust(req: AnyRequest, usernames: string | readonly string[]): Promise<string> {
    const devices = this.#devicesFor('trustDevice');
    checkRequest(req, 'req');
    if (!areNames(usernames)) throw wrong('username', 'a username, or a list of them', usernames);
    const spellings = [usernames].flat();
    let given: GivenToken | undefined;
    for (const spelling of spellings) {
      const since = await this.#sinceOf(this.#subjectsOf(spelling));
      given = devices.trust(req, this.#asSigned(spelling), since);
    }
    return (given as GivenToken).header;
  }

  /**
   * The same with what an unlock token carries.
   *
   * @returns false if devices were revoked since it was made: who had the mail then may not be trusted either
   */
  async trustDigest(req: AnyRequest, { digest, keys, since }: TrustedName, secretIndex: number): Promise<boolean> {
    const devices = this.#devicesFor('redeemUnlockToken');
    const now = await this.#since(keys);
    if (now > since) return false;
    devices.trustDigest(req, digest, secretIndex, now);
    return true;
  }

  /** Returns what an unlock token for this name carries; undefined without known devices. */
  async nameFor(spelling: string): Promise<TrustedName | undefined> {
    const { devices } = this.#engine;
    if (!devices) return undefined;
    const keys = this.#subjectsOf(spelling).map(({ key }) => key);
    return { digest: devices.tokens.digestOf(this.#asSigned(spelling)), keys, since: await this.#since(keys) };
  }

  async revoke(query: RevokeDevicesQuery): Promise<void> {
    const devices = this.#devicesFor('revokeDevices');
    const { username, except, by = null, reason = null } = validateOptions(revokeSchema, query, 'query');
    if (except) checkRequest(except, 'query.except');
    const act = await this.begin({ action: 'revokeDevices', username, by, reason });
    await this.#revokeAll(devices, username);
    if (except) await this.trust(except, username);
    await act.end({ users: 1 });
  }

  /** Records that an act on the devices of a user begins. */
  begin({ username, ...beginning }: Beginning & { readonly username: string }): Promise<Act> {
    const { options, activity } = this.#engine;
    const named = queriedParts(options, { username }, ['username']);
    return activity.begin({ ...beginning, parts: options.keys.toStoredParts(named) });
  }

  async #revokeAll(devices: KnownDevices, username: string): Promise<void> {
    for (const subject of this.#subjectsOf(username)) {
      const revocation = { forMs: devices.maxAgeMs };
      await ask(this.#engine, 'revokeDevices', (store) => store.revokeDevices(subject, revocation));
    }
  }

  /** All are checked before anything is written. */
  async replace(req: AnyRequest, username: string, actor: ActorOptions): Promise<{ cookie: string; act: Act }> {
    const devices = this.#devicesFor('passwordChanged');
    checkRequest(req, 'req');
    const { by = null, reason = null } = validateOptions(actorSchema, actor, 'options');
    const checked = validateOptions(revokeSchema, { username }, 'query');
    const act = await this.begin({ action: 'passwordChanged', username: checked.username, by, reason });
    await this.#revokeAll(devices, username);
    return { cookie: await this.trust(req, username), act };
  }

  async list(username: string): Promise<DevicesStatus> {
    this.#devicesFor('devices');
    if (typeof username !== 'string') throw wrong('username', 'a username', username);
    const subjects = this.#subjectsOf(username);
    const since = await this.#sinceOf(subjects);
    const named = queriedParts(this.#engine.options, { username }, ['username']);
    const pages = storedMatches(this.#engine.options, named, 'all').map((madeOf) => {
      return someRecords(this.#engine, { dimension: DEVICE.name, lockedOnly: false, madeOf, limit: MAX_DEVICES });
    });
    const devices = (await Promise.all(pages)).flat().slice(0, MAX_DEVICES).map(toStatus);
    return { username: named['username'] as string, revokedAt: since > 0 ? new Date(since) : null, devices };
  }

  cookieOf(req: AnyRequest): string | undefined {
    checkRequest(req, 'req');
    this.#engine.deviceWatch.seeAsked();
    return this.#engine.devices?.cookieOf(req);
  }

  /** The record that holds the revocation, under each secret of `pseudonymize`. */
  #subjectsOf(username: string): readonly Subject[] {
    const { options, rotation } = this.#engine;
    const named = queriedParts(options, { username }, ['username']);
    return rotation.variantsOf(options.keys.toSubject(DEVICES.name, devicesParts(named['username'] as string)));
  }

  /** If registration keeps folded names apart, a login signs the folded one. */
  #asSigned(spelling: string): string {
    const { usernamesAreUnique, canonicalUsername } = this.#engine.options;
    return usernamesAreUnique ? (canonicalUsername(spelling) ?? spelling) : spelling;
  }

  #sinceOf(subjects: readonly Subject[]): Promise<number> {
    return this.#since(subjects.map(({ key }) => key));
  }

  async #since(keys: readonly string[]): Promise<number> {
    const records = await readAll(this.#engine, keys);
    return Math.max(0, ...records.map((record) => record?.devicesSince ?? 0));
  }

  #devicesFor(method: string): KnownDevices {
    const { devices } = this.#engine;
    if (devices) return devices;
    throw invalidOption('options.secret', `a secret, and knownDevices not false, for ${method}()`, 'none');
  }
}

function areNames(usernames: unknown): usernames is string | readonly string[] {
  const names: readonly unknown[] = [usernames].flat();
  return names.length > 0 && names.every((name) => typeof name === 'string' && name !== '');
}
