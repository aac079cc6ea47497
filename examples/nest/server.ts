/**
 * Nest with @nestjs/passport: the lockout is injected, and the default guard answers 429 with `Retry-After`.
 *
 * With @nestjs/mongoose, the lockout uses Nest's connection:
 * `LockoutModule.forRootAsync({ inject: [getConnectionToken()], useFactory: (connection) => ({ store: new MongoStore(connection) }) })`
 */
import 'reflect-metadata';
import { Controller, Injectable, Module, Post, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { LockoutModule, LockoutStrategy } from 'passport-lockout/nest';

interface User {
  readonly username: string;
}

@Injectable()
class UsersService {
  readonly #passwords = new Map([
    ['alice', 'wonderland'],
    ['bob', 'can we fix it'],
  ]);

  /** Your own check: compare hashes, and take as long for unknown names as for known ones. */
  async find(username: string, password: string): Promise<User | null> {
    return this.#passwords.get(username) === password ? { username } : null;
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
  imports: [LockoutModule.forRoot({ secret: process.env['LOCKOUT_SECRET'] })],
  controllers: [LoginController],
  providers: [UsersService, LocalStrategy],
})
class AppModule {}

async function start() {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
  const url = await app.getUrl();
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right one, wonderland:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login
`);
}

void start();
