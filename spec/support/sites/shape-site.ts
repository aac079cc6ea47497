/** A strategy of `credential-shapes` behind a lockout of three failures, and guesses at it from ever new addresses. */
import { Lockout, type LockoutOptions, type StrategyOptions, withLockout } from '../../../lib/index.js';
import * as shapes from '../fixtures/credential-shapes.js';
import { onEvery } from '../fixtures/ladders.js';
import { EventLog } from '../tools/events.js';
import { drive } from './drive.js';

/** The warning when the name that is tried is unknown. */
export const CODE = 'WARN_LOCKOUT_USERNAME_UNKNOWN';
export const LIMIT_3: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: onEvery([{ failures: 3, cooloff: { minutes: 15 } }]),
};

let nextAddress = 0;
/** Each guess comes from somewhere else. */
export const from = (req: shapes.ShapeRequest): shapes.ShapeRequest => {
  nextAddress += 1;
  return { ip: `203.0.${nextAddress >> 8}.${nextAddress & 255}`, ...req };
};

export interface Site {
  readonly lockout: Lockout;
  readonly events: EventLog;
  /** The arguments of each call of verify, without the callback. */
  readonly judged: (readonly unknown[])[];
  login(req: shapes.ShapeRequest, options?: object): unknown;
  /** The usernames that failures counted on. */
  counted(): readonly unknown[];
}

const isRight = (args: readonly unknown[]) => args.includes('right');

export function open(shape: shapes.Shape, strategyOptions: StrategyOptions = {}, accepts = isRight): Site {
  const lockout = new Lockout(LIMIT_3);
  const events = new EventLog(lockout);
  const judged: (readonly unknown[])[] = [];
  const verify: shapes.Verify = (...args) => {
    const done = args.pop() as shapes.Done;
    judged.push(args);
    done(null, accepts(args) && { id: 1 });
  };
  const strategy = withLockout(shapes.create(shape, verify), lockout, strategyOptions);
  return {
    lockout,
    events,
    judged,
    login: (req, options) => drive(strategy, from(req), { options: options ?? {} }).actions[0]?.[0],
    counted: () =>
      events
        .of('attempt_failed')
        .flatMap(({ subjects }) => subjects.filter(({ dimension }) => dimension === 'username'))
        .map(({ parts }) => parts.username),
  };
}

/** Twenty guesses at one name. */
export function guess(
  site: Site,
  req: (index: number) => shapes.ShapeRequest,
  options?: (index: number) => object,
): number {
  for (let index = 0; index < 20; index += 1) site.login(req(index), options?.(index));
  return site.judged.length;
}

export const warnings = ({ events }: Site) => events.of('warning').filter(({ code }) => code === CODE);

export function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}

/** Fields whose names begin alike. */
export function many(name: string): shapes.Fields {
  return Object.fromEntries(range(100).map((index) => [`${name}${index}`, `value ${index}`]));
}

/** More members than anybody looks at. */
export const FLOOD = Object.fromEntries(range(10_000).map((index) => [`field${index}`, index]));
