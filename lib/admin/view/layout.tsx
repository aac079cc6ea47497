/** What all pages share: the head, the way around, and the results of what was done last. */
import type { ComponentChildren } from 'preact';
import { THEMES, type Theme } from '../core/theme.js';

export interface NavItem {
  readonly label: string;
  readonly href: string;
  readonly isCurrent: boolean;
  /** Shown beside the label, e.g. `99+`. */
  readonly count?: string | undefined;
  /** What is counted, for those who do not see the page, e.g. `locked`. */
  readonly counted?: string | undefined;
}

export interface LayoutProps {
  /** The heading, and the title of the window. */
  readonly title: string;
  readonly nav: readonly NavItem[];
  readonly actor: string;
  readonly theme: Theme;
  /** Where the form of the theme is sent, and the page it returns to. */
  readonly themeAction: string;
  readonly here: string;
  readonly assets: { readonly css: string; readonly js: string; readonly icon: string };
  readonly asOf: Date;
  readonly reload: string;
  /** The result of an act; undefined if nothing was done. */
  readonly notice?: ComponentChildren;
  readonly children?: ComponentChildren;
}

const THEME_LABELS: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

export function Layout(props: LayoutProps) {
  const { title, theme, assets, children } = props;
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · Lockout`}</title>
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.css} />
        <script type="module" src={assets.js} />
      </head>
      <body>
        <a class="skip-link" href="#main">
          Skip to content
        </a>
        <Rail {...props} />
        <main id="main" tabindex={-1}>
          <header class="page-head">
            <h1>{title}</h1>
            <AsOf {...props} />
          </header>
          <div class="notice-area" role="status">
            {props.notice}
          </div>
          {children}
        </main>
      </body>
    </html>
  );
}

function Rail({ nav, actor, theme, themeAction, here }: LayoutProps) {
  return (
    <header class="rail">
      <p class="brand">Lockout</p>
      <nav aria-label="Pages">
        <ul>
          {nav.map(({ label, href, isCurrent, count, counted }) => (
            <li key={href}>
              <a href={href} aria-current={isCurrent ? 'page' : undefined}>
                {label}
                {count !== undefined && (
                  <span class="count">
                    {` ${count}`}
                    {counted !== undefined && <span class="visually-hidden">{` ${counted}`}</span>}
                  </span>
                )}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="rail-foot">
        <form class="theme-form" method="post" action={themeAction}>
          <input type="hidden" name="to" value={here} />
          <fieldset>
            <legend>Theme</legend>
            {THEMES.map((value) => (
              <button key={value} type="submit" name="theme" value={value} aria-pressed={value === theme}>
                {THEME_LABELS[value]}
              </button>
            ))}
          </fieldset>
        </form>
        <p class="actor">
          Signed in as <bdi>{actor}</bdi>
        </p>
      </div>
    </header>
  );
}

/** The script may make the page younger; without it, the reader sees how old it is. */
function AsOf({ asOf, reload }: LayoutProps) {
  const iso = asOf.toISOString();
  return (
    <p class="as-of">
      as of <time datetime={iso}>{`${iso.slice(11, 19)} UTC`}</time> · <a href={reload}>Reload</a>
    </p>
  );
}
