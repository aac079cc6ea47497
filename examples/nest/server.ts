/**
 * NestJS with @nestjs/passport: the lockout is injected, and the default guard answers 429 with `Retry-After`. With decorators, and
 * a tsconfig of its own for them. `npm run example:nest`
 *
 * With @nestjs/mongoose the lockout takes the connection that Nest has:
 * `LockoutModule.forRootAsync({ inject: [getConnectionToken()], useFactory: (connection) => ({ store: new MongoStore(connection) }) })`
 */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { Controller, Injectable, Module, Post, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { Lockout } from 'passport-lockout';
import { LockoutModule, LockoutStrategy } from 'passport-lockout/nest';
import { findUser, type User } from '../express/users.js';
import { announce, HOST, PORT, wrongJson } from '../shared/serve.js';

@Injectable()
class UsersService {
  find(username: string, password: string): Promise<User | null> {
    return findUser(username, password);
  }
}

@Injectable()
class LocalStrategy extends PassportStrategy(LockoutStrategy(Strategy)) {
  constructor(private readonly users: UsersService) {
    super({ usernameField: 'username' });
  }

  async validate(username: string, password: string): Promise<User> {
    const user = await this.users.find(username, password);
    if (!user) throw new UnauthorizedException();
    return user;
  }
}

@Controller()
class LoginController {
  @Post('login')
  @UseGuards(AuthGuard('local'))
  logIn(@Req() request: { readonly user: User }) {
    return { welcome: request.user.username };
  }
}

@Module({
  imports: [LockoutModule.forRoot({ tiers: { username: [{ failures: 3, cooloff: { minutes: 15 } }] } })],
  controllers: [LoginController],
  providers: [UsersService, LocalStrategy],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(PORT, HOST);
announce(app.getHttpServer() as Server, [app.get(Lockout)], wrongJson);
