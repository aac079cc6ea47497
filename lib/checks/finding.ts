/** Something in the configuration or the surroundings that an operator should look at. */
export interface Finding {
  /** Stable, `WARN_LOCKOUT_...`; docs/checks.md explains each. */
  readonly code: string;
  readonly message: string;
  /** The option it is about, where there is one. */
  readonly option?: string;
}
