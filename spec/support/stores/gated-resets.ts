import { type LockoutStore, MemoryStore } from '../../../lib/index.js';

/** A memory store that frees one subject for each turn that it is given. */
export class GatedResets {
  failsWith: Error | undefined;
  readonly store: LockoutStore;
  #turns = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: () => number) {
    const inner = new MemoryStore({ clock });
    const reset = async (key: string) => {
      await this.#turn();
      if (this.failsWith) throw this.failsWith;
      return inner.reset(key);
    };
    // Its own methods need it as `this`.
    this.store = new Proxy<LockoutStore>(inner, {
      get: (_, name) => {
        const member: unknown = Reflect.get(inner, name);
        if (name === 'reset') return reset;
        return typeof member === 'function' ? member.bind(inner) : member;
      },
    });
  }

  give(turns: number): void {
    for (let n = 0; n < turns; n += 1) {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#turns += 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#turns > 0) this.#turns -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
