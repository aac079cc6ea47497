/** Every address of the pages is made here, below the base path. */

/** A list is a name that is repeated. */
export type LinkQuery = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export class Links {
  readonly #basePath: string;

  /** @param basePath - where the pages are mounted, as the browser sees it, without a slash at its end; '' for the root */
  constructor(basePath: string) {
    this.#basePath = basePath;
  }

  /**
   * @param path - below the base, e.g. `/attempts`; a literal of ours, never what a client sent
   * @param query - keys, names and addresses go here, where no router and no proxy changes them; undefined is left out
   */
  to(path: `/${string}`, query: LinkQuery = {}): string {
    return this.back(this.below(path, query));
  }

  /** Returns the same without the base path, for a field `to` that names the page to return to. */
  below(path: `/${string}`, query: LinkQuery = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      const values = Array.isArray(value) ? value : [value];
      for (const one of values) if (one !== undefined) search.append(name, String(one));
    }
    return search.size > 0 ? `${path}?${search}` : path;
  }

  /** @param target - made by `below`, or checked as the page to return to */
  back(target: string): string {
    return `${this.#basePath}${target}`;
  }
}
