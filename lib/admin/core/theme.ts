/** Light or dark: kept in a cookie, so that it works without script. */
import type { AdminRequest } from './types.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const COOKIE = 'lockout-theme';
const SENT = new RegExp(`(?:^|; ?)${COOKIE}=(light|dark)(?:;|$)`);
/** Browsers keep a cookie for 400 days at most. */
const MAX_AGE_S = 400 * 86_400;
/** Longer than the cookies that a server accepts. */
const MAX_COOKIE_CHARS = 16_384;

export function themeOf(request: AdminRequest): Theme {
  const cookies = request.header('cookie')?.slice(0, MAX_COOKIE_CHARS) ?? '';
  return (SENT.exec(cookies)?.[1] as Theme | undefined) ?? 'system';
}

/** Anything that is no theme is the system's. */
export function toTheme(value: string | null): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}

export function themeCookie(theme: Theme, basePath: string): string {
  return `${COOKIE}=${theme}; Path=${basePath || '/'}; Max-Age=${MAX_AGE_S}; SameSite=Lax; HttpOnly`;
}
