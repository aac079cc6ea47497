/** The working parts of one lockout, put together. */

import { AttemptFlow } from './attempt/attempt-flow.js';
import { GuardedStore } from './attempt/guarded-store.js';
import { RequestMemory } from './attempt/guess-memory.js';
import { KeyRotation } from './attempt/key-rotation.js';
import { LockCache } from './attempt/lock-cache.js';
import { Slots } from './attempt/slots.js';
import { WaitingRoom } from './attempt/waiting/waiting-room.js';
import { AddressWatch } from './checks/runtime/address-watch.js';
import { AnswerWatch } from './checks/runtime/answer-watch.js';
import { DeviceWatch } from './checks/runtime/device-watch.js';
import { OutageWatch } from './checks/runtime/outage-watch.js';
import { ProxyWatch } from './checks/runtime/proxy-watch.js';
import { VerdictWatches } from './checks/runtime/verdict-watch.js';
import { KnownDevices } from './devices/known-devices.js';
import { LockoutStoreError } from './errors.js';
import { AttackWatch } from './events/attack-watch.js';
import { Report, type ReportDeps } from './events/report.js';
import type { NewWarning } from './events/types.js';
import { ActivityWriter } from './log/activity-writer.js';
import { AttemptLogWriter } from './log/writer.js';
import type { ResolvedOptions } from './options/resolve.js';
import type { StoreTrouble } from './stores/store.js';

/** Callbacks from the parts to the lockout that owns them. */
export interface EngineListener extends Pick<ReportDeps, 'notify' | 'onFinding'> {
  readonly onWarning: (warning: NewWarning) => void;
  readonly onStoreError: (operation: string, error: LockoutStoreError) => void;
  /** Called when the store begins to fail logins. */
  readonly onOutage: (error: LockoutStoreError) => void;
  readonly onTrouble: (trouble: StoreTrouble) => void;
  /** In whose name calls to the store are published. */
  readonly lockout: object;
}

export class Engine {
  readonly options: ResolvedOptions;
  readonly store: GuardedStore;
  readonly locks: LockCache;
  readonly rotation: KeyRotation;
  readonly slots: Slots;
  readonly flow: AttemptFlow;
  /** Undefined if no attempt log is kept. */
  readonly attemptLog: AttemptLogWriter | undefined;
  /** Records what operators do. */
  readonly activity: ActivityWriter;
  readonly report: Report;
  /** Emits `warning`. */
  readonly warn: EngineListener['onWarning'];
  readonly verdicts: VerdictWatches;
  readonly answers: AnswerWatch;
  /** Undefined if no device is known. */
  readonly devices: KnownDevices | undefined;
  readonly deviceWatch: DeviceWatch;
  readonly #attacks: AttackWatch | undefined;
  readonly #waiting: WaitingRoom;
  readonly #fallback: GuardedStore | undefined;

  constructor(options: ResolvedOptions, listener: EngineListener) {
    const { onStoreError, lockout } = listener;
    this.warn = listener.onWarning;
    const outages = new OutageWatch();
    const { store, fallbackStore, storeTimeoutMs } = options;
    this.options = options;
    this.store = new GuardedStore(store, storeTimeoutMs, onStoreError, lockout);
    store.watch?.(listener.onTrouble);
    this.locks = new LockCache(options.lockCacheTtlMs, store.clock ?? (() => performance.now()));
    this.#waiting = new WaitingRoom(options.maxWaiters);
    this.attemptLog = createAttemptLog(options, this.store, listener.onWarning);
    this.activity = new ActivityWriter({ store: this.store, onTrouble: listener.onTrouble });
    const { attackRule, devices } = options;
    this.#attacks =
      attackRule &&
      new AttackWatch(attackRule, store.clock ?? Date.now, {
        onSuspected: (attack) => listener.notify('attack_suspected', () => attack),
        onOver: (attack) => listener.notify('attack_over', () => attack),
      });
    this.deviceWatch = new DeviceWatch(listener.onFinding);
    this.devices = devices && new KnownDevices(devices, store.clock ?? Date.now, this.deviceWatch);
    this.report = new Report({
      options,
      attacks: this.#attacks,
      attemptLog: this.attemptLog,
      notify: listener.notify,
      onFinding: listener.onFinding,
    });
    const requests = new RequestMemory();
    this.verdicts = new VerdictWatches(listener.onFinding, requests);
    this.answers = new AnswerWatch(listener.onFinding);
    this.#fallback = fallbackStore && new GuardedStore(fallbackStore, storeTimeoutMs, onStoreError, lockout);
    this.slots = new Slots(options.onStoreError, {
      store: this.store,
      fallback: this.#fallback,
      locks: this.locks,
      onFailed: (error) => {
        if (outages.begins()) listener.onOutage(error);
      },
    });
    const { dimensions } = options;
    const countsAddresses = dimensions.countAddresses();
    const addresses = countsAddresses ? new AddressWatch() : undefined;
    const looksAtAddresses = countsAddresses || options.isAllowed !== undefined || options.isDenied !== undefined;
    const proxies = looksAtAddresses && !options.clientIp ? new ProxyWatch() : undefined;
    this.rotation = new KeyRotation(options.keys, this.store);
    this.flow = new AttemptFlow(options, {
      store: this.store,
      rotation: this.rotation,
      slots: this.slots,
      waiting: this.#waiting,
      listener: this.report,
      requests,
      devices: this.devices,
      addresses,
      proxies,
    });
  }

  /** Since when this process suspects an attack, epoch milliseconds; null while it does not. */
  get suspectedSince(): number | null {
    return this.#attacks?.suspectedSince ?? null;
  }

  /** How many attempts wait for a slot. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Called after an operator changed a subject: what this process knows of it is out of date. */
  forgetLock(key: string): void {
    this.locks.forget(key);
    this.#waiting.wake(key, 1);
  }

  async close(): Promise<void> {
    this.#waiting.close();
    this.#attacks?.close();
    await this.flow.close();
    await this.attemptLog?.close();
    // Through the guard as well: a store that hangs must not keep the process from ending.
    const closed = [this.store, this.#fallback].map((store) => store?.call('close', (port) => port.close()));
    const failure = (await Promise.all(closed)).find((answer) => answer instanceof LockoutStoreError);
    if (failure) throw failure;
  }
}

function createAttemptLog(
  { attemptLog, attemptLogRetentionMs, attemptLogPerUsername, attemptLogPerAddress }: ResolvedOptions,
  store: GuardedStore,
  warn: (warning: NewWarning) => void,
): AttemptLogWriter | undefined {
  const log = store.store.attemptLog;
  if (attemptLog === 'off' || !log) return undefined;
  return new AttemptLogWriter({
    store,
    log,
    mode: attemptLog,
    retentionMs: attemptLogRetentionMs,
    maxPerUsername: attemptLogPerUsername,
    maxPerAddress: attemptLogPerAddress,
    warn,
  });
}
