/**
 * The lockout in Nest: a module that provides it, and a mixin to put below `PassportStrategy`.
 *
 * @module
 * @example
 * ```ts
 * import { Module } from '@nestjs/common';
 * import { PassportStrategy } from '@nestjs/passport';
 * import { LockoutModule, LockoutStrategy } from 'passport-lockout/nest';
 * import { Strategy } from 'passport-local';
 *
 * class LocalStrategy extends PassportStrategy(LockoutStrategy(Strategy)) {
 *   validate(username: string, password: string) {
 *     return username === 'alice' && password === 'wonderland' ? { username } : null;
 *   }
 * }
 *
 * @Module({ imports: [LockoutModule.forRoot()], providers: [LocalStrategy] })
 * export class AppModule {}
 * ```
 */
export { LockoutException, LockoutFilter } from './lockout-exception.js';
export { LockoutModule, type LockoutModuleAsyncOptions } from './lockout-module.js';
export { LockoutStrategy } from './lockout-strategy.js';
