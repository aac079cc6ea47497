/** The lockout as a provider of Nest. */
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import { Lockout } from '../lockout.js';
import type { LockoutOptions } from '../options/types.js';
import { toLockout } from '../passport/guard-parts.js';

/** Options of `LockoutModule.forRootAsync`. */
export interface LockoutModuleAsyncOptions {
  /** Modules whose providers the factory needs. */
  readonly imports?: NonNullable<ModuleMetadata['imports']> | undefined;
  /** Tokens of the factory's arguments, such as `getConnectionToken()` of @nestjs/mongoose. */
  readonly inject?: NonNullable<FactoryProvider['inject']> | undefined;
  /** Returns the options of a lockout, or a lockout. */
  // biome-ignore lint/suspicious/noExplicitAny: what is injected has any type, as in the modules of Nest
  readonly useFactory: (...injected: any[]) => LockoutOptions | Lockout | Promise<LockoutOptions | Lockout>;
}

/** Provides a `Lockout` to the whole application, and closes it when the application does. */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's modules are classes
export class LockoutModule {
  /**
   * @param optionsOrLockout - options, or an existing lockout, e.g. one shared with the command line
   * @throws {LockoutConfigError} for wrong options
   */
  static forRoot(optionsOrLockout: LockoutOptions | Lockout = {}): DynamicModule {
    return moduleOf([{ provide: Lockout, useValue: toLockout(optionsOrLockout) }]);
  }

  /**
   * Like `forRoot`, for options that need something from Nest, such as its connection.
   *
   * @example
   * ```ts
   * LockoutModule.forRootAsync({
   *   inject: [getConnectionToken()],
   *   useFactory: (connection: Connection) => ({ store: new MongoStore(connection) }),
   * });
   * ```
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: LockoutModuleAsyncOptions): DynamicModule {
    const create = async (...injected: unknown[]) => toLockout(await useFactory(...injected));
    return moduleOf([{ provide: Lockout, inject, useFactory: create }], imports);
  }
}
Module({})(LockoutModule);

function moduleOf(providers: readonly Provider[], imports: NonNullable<ModuleMetadata['imports']> = []): DynamicModule {
  const closing = { provide: Closing, inject: [Lockout], useFactory: (lockout: Lockout) => new Closing(lockout) };
  return { module: LockoutModule, global: true, imports, providers: [...providers, closing], exports: [Lockout] };
}

/** Closes the lockout before connections are closed: writing the rest of the attempt log needs the store's. */
class Closing implements BeforeApplicationShutdown {
  readonly #lockout: Lockout;

  constructor(lockout: Lockout) {
    this.#lockout = lockout;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#lockout.close();
  }
}
