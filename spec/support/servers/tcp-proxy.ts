/** A TCP proxy on the loopback that hangs, cuts and loses answers on demand, as networks do. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { commandOf, type Refused, toRefusal } from './mongo-answer.js';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** What happens to the answer to the next request that contains a text. */
interface Trap {
  readonly text: string;
  readonly spring: (link: Link, data: Buffer) => void;
}

export class TcpProxy {
  /** How many connections clients have made. */
  connections = 0;
  readonly #target: URL;
  readonly #links = new Set<Link>();
  readonly #traps = new Set<Trap>();
  readonly #trapped = new WeakMap<Link, Trap>();
  /** Requests that contain this are never answered, nor anything after them on their connection. */
  #swallowed: string | undefined;
  readonly #refused = new Map<string, (message: Buffer) => Refused | undefined>();
  #server: Server | undefined;
  #port = 0;
  #hangs = false;

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  /** @param target - the connection string of the server behind, with one host */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.resume();
    return proxy;
  }

  /** The connection string that leads through the proxy. */
  get uri(): string {
    const uri = new URL(this.#target);
    uri.host = `127.0.0.1:${this.#port}`;
    // Otherwise the driver would learn the address of the server behind, and connect there.
    uri.searchParams.set('directConnection', 'true');
    return uri.href;
  }

  /** How many connections are open now. */
  get open(): number {
    return this.#links.size;
  }

  /** From now on nothing goes either way; new connections are accepted and hang, too. */
  hang(): void {
    this.#hangs = true;
    for (const { client, server } of this.#links) {
      client.pause();
      server.pause();
    }
  }

  /** Ends every connection and refuses new ones, as a server that is down. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    for (const link of this.#links) endLink(link);
    server.close();
    await once(server, 'close');
  }

  /** Forwards again, what was held back first. */
  async resume(): Promise<void> {
    this.#hangs = false;
    this.#swallowed = undefined;
    this.#refused.clear();
    for (const { client, server } of this.#links) {
      client.resume();
      server.resume();
    }
    if (this.#server) return;
    this.#server = createServer((client) => this.#connect(client));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /**
   * The next request that contains the text reaches the server; when its answer is here, which proves that it was
   * carried out, the connection is cut instead.
   *
   * @returns when that has happened
   */
  loseAnswerTo(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#traps.add({
        text,
        spring: (link) => {
          endLink(link);
          resolve();
        },
      });
    });
  }

  /** The answer to the next request that contains the text comes twice, the second time when something else was asked. */
  doubleAnswerTo(text: string): void {
    this.#traps.add({
      text,
      spring: (link, data) => {
        this.#trapped.delete(link);
        link.client.once('data', () => link.client.write(data));
        link.client.write(data);
      },
    });
  }

  /** Requests that contain the text are carried out and never answered, until `resume`. */
  swallowAnswersTo(text: string): void {
    this.#swallowed = text;
  }

  /**
   * Commands of this name do not reach the server, until `resume`.
   *
   * @param refuse - returns the answer to send instead; undefined lets a command pass
   */
  refuse(command: string, refuse: (message: Buffer) => Refused | undefined): void {
    this.#refused.set(command, refuse);
  }

  async close(): Promise<void> {
    await this.cut();
  }

  #connect(client: Socket): void {
    this.connections += 1;
    const server = createConnection({ host: this.#target.hostname, port: Number(this.#target.port || 27017) });
    const link = { client, server };
    this.#links.add(link);
    let isMute = false;
    client.on('data', (data) => {
      const refused = this.#refused.get(commandOf(data) ?? '')?.(data);
      if (refused) {
        client.write(toRefusal(data, refused));
        return;
      }
      if (this.#swallowed !== undefined && data.includes(this.#swallowed)) isMute = true;
      this.#setTraps(link, data);
      if (!server.write(data)) client.pause();
    });
    server.on('data', (data) => {
      const trap = this.#trapped.get(link);
      if (trap) trap.spring(link, data);
      else if (!isMute && !client.write(data)) server.pause();
    });
    client.on('drain', () => !this.#hangs && server.resume());
    server.on('drain', () => !this.#hangs && client.resume());
    for (const socket of [client, server]) {
      socket.on('error', () => endLink(link));
      socket.on('close', () => {
        endLink(link);
        this.#links.delete(link);
      });
    }
    if (this.#hangs) {
      client.pause();
      server.pause();
    }
  }

  #setTraps(link: Link, data: Buffer): void {
    for (const trap of this.#traps) {
      if (!data.includes(trap.text)) continue;
      this.#traps.delete(trap);
      this.#trapped.set(link, trap);
      return;
    }
  }
}

function endLink({ client, server }: Link): void {
  client.destroy();
  server.destroy();
}
