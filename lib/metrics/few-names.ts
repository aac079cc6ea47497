/** More strategies than any application has. */
const MAX_NAMES = 50;
const OTHER = 'other';

/**
 * Keeps the values of a label few. The name of a strategy comes from the application, but may be derived from a request, such as
 * the name of a tenant.
 */
export class FewNames {
  readonly #known = new Set<string>();

  /** Returns the name, or `other` once there are 50. */
  bound(name: string): string {
    if (!this.#known.has(name)) {
      if (this.#known.size >= MAX_NAMES) return OTHER;
      this.#known.add(name);
    }
    return name;
  }
}
