/** One request to log in and its response, as far as Passport, the lockout, and the limiters look at them. */
import { EventEmitter } from 'node:events';

/** What a client sends; a body parser has read it. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
}

export class Request {
  readonly method = 'POST';
  readonly url = '/login';
  readonly headers = { 'user-agent': 'bench' };
  readonly query = {};
  readonly body: { readonly username: string; readonly password: string };
  readonly ip: string;
  /** As Express does; the lockout finds the response there. */
  readonly res: Response;

  constructor({ username, password, ip }: Credentials, answered: (status: number) => void) {
    this.body = { username, password };
    this.ip = ip;
    this.res = new Response(answered);
  }
}

/** Emits `finish`, for which express-rate-limit waits. */
export class Response extends EventEmitter {
  statusCode = 200;
  headersSent = false;
  writableEnded = false;
  readonly #answered: (status: number) => void;
  readonly #headers = new Map<string, unknown>();

  constructor(answered: (status: number) => void) {
    super();
    this.#answered = answered;
  }

  setHeader(name: string, value: unknown): this {
    this.#headers.set(name, value);
    return this;
  }

  getHeader(name: string): unknown {
    return this.#headers.get(name);
  }

  header(name: string, value: unknown): this {
    return this.setHeader(name, value);
  }

  status(statusCode: number): this {
    this.statusCode = statusCode;
    return this;
  }

  send(_body: unknown): this {
    return this.end();
  }

  end(_body?: unknown): this {
    this.headersSent = true;
    this.writableEnded = true;
    this.emit('finish');
    this.#answered(this.statusCode);
    return this;
  }
}
