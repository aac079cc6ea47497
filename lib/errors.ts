/** One base error; `code` is stable and listed in docs/errors.md. Messages never hold a password, a token or a username. */
import { type ToldCause, toldCauseOf } from './util/causes.js';

export class LockoutError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'LockoutError';
    this.code = code;
  }

  /** With the message, which JSON leaves out of errors. */
  toJSON(): object {
    const { name, code, message } = this;
    return { ...this, name, code, message };
  }
}

/** The library is used wrongly; thrown at construction or wrap time, so that a start fails rather than a login. */
export class LockoutConfigError extends LockoutError {
  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = 'LockoutConfigError';
  }
}

/** The store failed or did not answer in time; `cause` says how. */
export class LockoutStoreError extends LockoutError {
  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = 'LockoutStoreError';
  }

  /** With what the cause says as well, and its own: each text short, on one line and without the credentials of a URL. */
  override toJSON(): object {
    const cause: ToldCause | undefined = toldCauseOf(this);
    return { ...super.toJSON(), ...(cause && { cause }) };
  }
}

/**
 * An attempt was refused; what `onLocked: 'error'` passes on. Express, Koa and Nest answer with its `status`. Its `cause` is there where
 * the store failed, for your log; it is not for the client.
 */
export class LockoutRefusedError extends LockoutError {
  readonly status: number;
  readonly statusCode: number;
  /** The message may be shown to the client. */
  readonly expose = true;
  readonly dimension: string | undefined;
  /** Whole seconds until a retry makes sense; null when the subject is locked until reset. */
  readonly retryAfter: number | null;
  /** What Express, Koa and Fastify set on their answer to the error; Koa drops what was set before. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    refused: {
      readonly status: number;
      readonly dimension: string | undefined;
      readonly retryAfter: number | null;
      readonly headers?: Readonly<Record<string, string>>;
      /** How the store failed; undefined for a refusal for another reason. */
      readonly cause?: LockoutStoreError | undefined;
    },
  ) {
    super(code, message, refused.cause && { cause: refused.cause });
    this.name = 'LockoutRefusedError';
    this.status = refused.status;
    this.statusCode = refused.status;
    this.dimension = refused.dimension;
    this.retryAfter = refused.retryAfter;
    this.headers = refused.headers ?? {};
  }
}
