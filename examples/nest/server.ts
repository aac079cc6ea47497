/**
 * NestJS with @nestjs/passport: `lockoutMixin` and the default guard. `npm run example:nest`
 *
 * With `experimentalDecorators` write the decorators as usual; this project compiles without, so they are called.
 */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { Controller, Module, Post, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { lockoutMixin } from 'passport-lockout';
import { findUser, type User } from '../express/users.js';
import { announce, HOST, PORT, wrongJson } from '../shared/serve.js';
import { decorateMethod } from './decorate.js';

const GuardedStrategy = lockoutMixin(Strategy);

class LocalStrategy extends PassportStrategy(GuardedStrategy) {
  async validate(username: string, password: string): Promise<User> {
    const user = await findUser(username, password);
    if (!user) throw new UnauthorizedException();
    return user;
  }
}

class LoginController {
  logIn({ user }: { readonly user: User }) {
    return { welcome: user.username };
  }
}
Controller()(LoginController);
decorateMethod(LoginController, 'logIn', [Post('login'), UseGuards(AuthGuard('local'))], [Req()]);

class AppModule {}
Module({ controllers: [LoginController], providers: [LocalStrategy] })(AppModule);

// Nest logs every error that is no HttpException of its own, with its stack; a refusal is none worth it.
const app = await NestFactory.create(AppModule, { logger: ['warn'] });
await app.listen(PORT, HOST);
announce(app.getHttpServer() as Server, [GuardedStrategy.lockout], wrongJson);
