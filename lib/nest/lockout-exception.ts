/** A refusal as an `HttpException`, which Nest answers without logging a stack. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { LockedInfo } from '../options/answer-types.js';

const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;
const UNAVAILABLE_CODES: readonly LockedInfo['code'][] = ['ERR_LOCKOUT_STORE_UNAVAILABLE', 'ERR_LOCKOUT_LATE'];

/**
 * Thrown by {@link LockoutStrategy} for a refused login. Throw it yourself for what `protect` refuses:
 * `throw new LockoutException(result.locked)`. The body is `{ statusCode, message, code, retryAfter }`. If the store failed, `cause`
 * has its error, for your log; it is not in the body.
 */
export class LockoutException extends HttpException {
  /** Why the attempt was refused; each is explained in docs/errors.md. */
  readonly code: LockedInfo['code'];
  /** The dimension that refused; undefined for a list or a failing store. */
  readonly dimension: string | undefined;
  /** Whole seconds until a retry makes sense; null when there is no such time. */
  readonly retryAfter: number | null;

  /**
   * Creates an exception for a refusal.
   *
   * @param status - by default 503 if the store failed or the verdict came late, otherwise 429
   */
  constructor(
    { code, message, dimension, retryAfter, cause }: LockedInfo,
    status: number = UNAVAILABLE_CODES.includes(code) ? UNAVAILABLE : TOO_MANY_REQUESTS,
  ) {
    super({ statusCode: status, message, code, retryAfter }, status);
    this.code = code;
    this.dimension = dimension;
    this.retryAfter = retryAfter;
    // Not passed in the options of the base class, which are printed with the exception. In Nest 12 the base class has it as a field.
    if (cause) Object.defineProperty(this, 'cause', { value: cause, enumerable: false });
  }
}

/** The two methods that the response of Express and the reply of Fastify share. */
interface HttpResponse {
  header(name: string, value: string): unknown;
  status(code: number): { send(body: unknown): unknown };
}

/**
 * Sets `Retry-After` where nothing else can: on Fastify, and for exceptions thrown by controllers. Only for applications that use
 * HTTP alone: `{ provide: APP_FILTER, useClass: LockoutFilter }`, or `@UseFilters(LockoutFilter)`.
 */
export class LockoutFilter implements ExceptionFilter<LockoutException> {
  catch(exception: LockoutException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<HttpResponse>();
    if (exception.retryAfter !== null) response.header('Retry-After', String(exception.retryAfter));
    response.status(exception.getStatus()).send(exception.getResponse());
  }
}
Catch(LockoutException)(LockoutFilter);
