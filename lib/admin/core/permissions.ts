/** What operators may do, and the one who looks at the pages. */

/** Everybody who is let in may look. */
export const PERMISSIONS = ['look', 'unblock', 'block', 'export', 'erase'] as const;
/** What a viewer of the admin pages may do. */
export type Permission = (typeof PERMISSIONS)[number];

export interface Viewer {
  /** The name under which changes are recorded, safe to log. */
  readonly actor: string;
  /** The same without escapes, for methods of the lockout, which escape it. */
  readonly by: string;
  readonly can: (permission: Permission) => boolean;
}
