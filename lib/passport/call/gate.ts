/** Guards strategies that judge before they call a verify function: the guard precedes `authenticate` itself. */
import type { LockoutRequest } from '../../subject/attempt.js';
import { type FieldOptions, fieldOptionsOf, readFields } from '../credentials.js';
import type { GateRule } from '../profile/profile.js';
import type { AuthenticateArgs, Receiver } from '../strategy-like.js';
import type { Verify } from './hooks.js';
import type { Self } from './strategy-child.js';

type Fields = Readonly<Record<string, unknown>>;
type Target = Pick<Self, 'self' | 'set'>;

interface Gate {
  /** Calls the second argument once the attempt with these credentials may be verified. */
  readonly admit: (credentials: readonly unknown[], go: () => unknown) => unknown;
  /** Runs the strategy. */
  readonly go: () => unknown;
}

export function runBehindGate(
  rule: GateRule,
  { receiver, args, ...target }: Target & { readonly receiver: Receiver; readonly args: AuthenticateArgs },
  { admit, go }: Gate,
): unknown {
  const [req] = args;
  /** Without both credentials nothing is guessed: the strategy answers by itself. */
  const admitFields = (options: FieldOptions, admitted: () => unknown) => {
    const credentials = readFields(req, options);
    return credentials ? admit(credentials, admitted) : admitted();
  };
  const { getOptions, options } = receiver;
  switch (rule) {
    case 'always':
      return admit([], go);
    case 'ticket':
      return hasTicket(req) ? admit([], go) : go();
    case 'options': {
      const { username, password } = (args[1] ?? {}) as Fields;
      return username && password ? admit([username, password], go) : go();
    }
    case 'fields':
      return admitFields(fieldOptionsOf(receiver), go);
    default:
      if (typeof getOptions !== 'function') return admitFields((options ?? {}) as FieldOptions, go);
      gateOptions(target, getOptions, admitFields);
      return go();
  }
}

/** Looks in the same places as Express' `req.param()`. */
function hasTicket(req: LockoutRequest): boolean {
  const { params, body, query } = req as Readonly<Record<string, Fields | null | undefined>>;
  return [params, body, query].some((fields) => Boolean(fields?.['ticket']));
}

/**
 * Puts a gate behind the function that returns an LDAP strategy's options per request, and with them the names of the fields.
 *
 * @param admit - calls `go` once the attempt may be verified
 */
function gateOptions(
  { self, set }: Target,
  getOptions: object,
  admit: (options: FieldOptions, go: () => unknown) => unknown,
): void {
  const apply = (target: object, thisArg: unknown, args: readonly unknown[]) => {
    const last = args.length - 1;
    const done = args[last] as (error: unknown, found: FieldOptions) => unknown;
    const gated = (error: unknown, found: FieldOptions) =>
      error ? done(error, found) : admit(found, () => done(error, found));
    return Reflect.apply(target as Verify, thisArg, [...args.slice(0, last), gated]);
  };
  set(self, { getOptions: new Proxy(getOptions, { apply }) });
}
