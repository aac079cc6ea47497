/** The style of the built-in page: light or dark like the user's system, for both reading directions, with nothing to load. */
import { createHash } from 'node:crypto';

/** Contrasts are at least those of WCAG 2.2, AA: 4.5 for text, 3 for what can be pressed. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--back:#f3f4f6;--card:#fff;--line:#e5e7eb;--text:#111827;--soft:#4b5563;--mark:#b45309;--tint:#fef3c7;--link:#1d4ed8;--on:#fff}
@media(prefers-color-scheme:dark){:root{--back:#0b0f19;--card:#161c2a;--line:#2a3345;--text:#f3f4f6;--soft:#b6bfcd;--mark:#fbbf24;--tint:#3a2d10;--link:#93c5fd;--on:#0b0f19}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:1.5rem;background:var(--back);color:var(--text);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{width:100%;max-width:27rem;padding:2.5rem 2rem;text-align:center;background:var(--card);border:1px solid var(--line);border-radius:1rem;box-shadow:0 1px 2px #0000000d,0 12px 32px -12px #00000026}
svg{display:block;width:4rem;height:4rem;margin:auto;padding:1rem;border-radius:50%;background:var(--tint);color:var(--mark)}
h1{margin:1.5rem 0 .5rem;font-size:1.375rem;line-height:1.3;text-wrap:balance}
p{margin:0;color:var(--soft);text-wrap:balance;overflow-wrap:anywhere}
a{display:inline-block;margin-top:1.75rem;padding:.625rem 1.5rem;border-radius:.5rem;background:var(--link);color:var(--on);font-weight:600;text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible{outline:3px solid var(--link);outline-offset:3px}
@media(forced-colors:active){main,a{border:1px solid}}
`;

const HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** Allows this style and nothing else: markup injected into the page could load and run nothing, and nobody can frame it. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
