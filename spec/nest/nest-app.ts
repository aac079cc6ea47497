/** A real Nest application on Express or Fastify with one guarded login, and its log. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Controller,
  type DynamicModule,
  type INestApplication,
  type LoggerService,
  Module,
  Post,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Strategy as LocalStrategy } from 'passport-local';
import { LockoutStrategy } from '../../lib/nest/index.js';
import { decorateMethod } from '../support/tools/decorate.js';

export const RIGHT = 'right';

/** As an application writes it. */
export class GuardedStrategy extends PassportStrategy(LockoutStrategy(LocalStrategy)) {
  validate(username: string, password: string): { username: string } | null {
    return password === RIGHT ? { username } : null;
  }
}

class LoginController {
  logIn(): string {
    return 'in';
  }
}
Controller()(LoginController);
decorateMethod(LoginController, 'logIn', [Post('login'), UseGuards(AuthGuard('local'))]);

const PLATFORMS = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter(),
};

export interface NestAppOptions {
  readonly imports: readonly (DynamicModule | Type)[];
  readonly providers?: readonly Type[];
  readonly controllers?: readonly Type[];
  /** Default Express. */
  readonly platform?: keyof typeof PLATFORMS;
}

export interface Told {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Record<string, unknown>;
}

export class NestApp {
  readonly app: INestApplication;
  readonly logged: readonly unknown[][];

  private constructor(app: INestApplication, logged: readonly unknown[][]) {
    this.app = app;
    this.logged = logged;
  }

  static async start(options: NestAppOptions): Promise<NestApp> {
    const { imports, providers = [GuardedStrategy], controllers = [LoginController], platform = 'express' } = options;
    class AppModule {}
    Module({ imports: [...imports], providers: [...providers], controllers: [...controllers] })(AppModule);
    const logged: unknown[][] = [];
    const keep = (...line: unknown[]) => void logged.push(line);
    const logger: LoggerService = { log: () => {}, error: keep, warn: keep, fatal: keep };
    const app = await NestFactory.create(AppModule, PLATFORMS[platform](), { logger, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    return new NestApp(app, logged);
  }

  async post(path: string, body: object = {}): Promise<Told> {
    const { port } = (this.app.getHttpServer() as Server).address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  }

  logIn(username: string, password: string): Promise<Told> {
    return this.post('/login', { username, password });
  }

  async close(): Promise<void> {
    (this.app.getHttpServer() as Server).closeAllConnections();
    await this.app.close();
  }
}
