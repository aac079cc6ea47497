/** Drives a strategy as Passport does for one request, and records all that can be observed from outside. */
import type { LockoutRequest, StrategyLike } from '../../../lib/index.js';

const ACTION_NAMES = ['success', 'fail', 'error', 'pass', 'redirect'] as const;

export interface Drive {
  /** Actions with their arguments, in order. */
  readonly actions: (readonly [name: string, ...args: unknown[]])[];
  /** How many of them came before `authenticate` returned. */
  readonly inTurn: number;
  readonly returned: unknown;
  readonly thrown: unknown;
}

export interface DriveOptions {
  /** Actions that throw, as Passport's do when a flash or a callback fails. */
  readonly throwing?: Readonly<Partial<Record<(typeof ACTION_NAMES)[number], unknown>>>;
  readonly options?: unknown;
  /** As `passport.authenticate(strategy)`: the actions are put on the strategy itself. */
  readonly direct?: boolean;
}

export function drive(
  strategy: StrategyLike,
  req: LockoutRequest | object,
  { throwing, options, direct = false }: DriveOptions = {},
): Drive {
  const actions: (readonly [string, ...unknown[]])[] = [];
  const receiver = (direct ? strategy : Object.create(strategy)) as Record<string, unknown>;
  for (const name of ACTION_NAMES) {
    receiver[name] = (...args: unknown[]) => {
      actions.push([name, ...args]);
      if (throwing && name in throwing) throw throwing[name];
    };
  }
  let returned: unknown;
  let thrown: unknown;
  try {
    returned = (receiver as unknown as { authenticate(...args: unknown[]): unknown }).authenticate(req, options ?? {});
  } catch (error) {
    thrown = error;
  }
  return { actions, inTurn: actions.length, returned, thrown };
}
