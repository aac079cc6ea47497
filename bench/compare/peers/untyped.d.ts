// biome-ignore-all lint/style/noDefaultExport: these packages have nothing else
/** What comes without types, as far as it is used here. */
declare module 'express-brute' {
  type Middleware = import('../../login.js').Middleware;

  class ExpressBrute {
    readonly prevent: Middleware;
    constructor(store: ExpressBrute.Store, options: object);
    getMiddleware(options: {
      key(req: import('../../exchange.js').Request, res: unknown, next: (key: string) => void): void;
      ignoreIP: boolean;
    }): Middleware;
  }

  namespace ExpressBrute {
    /** Made by the classes only. */
    interface Store {
      get(key: string, callback: (error: unknown, value: unknown) => void): void;
    }
    interface Guarded {
      readonly brute: { reset(callback: () => void): void };
    }
    class MemoryStore implements Store {
      readonly data: object;
      get: Store['get'];
      reset(key: string): void;
    }
  }
  export default ExpressBrute;
}

declare module 'express-brute-mongo' {
  const MongoStore: new (
    getCollection: (ready: (collection: object) => void) => void,
  ) => import('express-brute').default.Store;
  export default MongoStore;
}
