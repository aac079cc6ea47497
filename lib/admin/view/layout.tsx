/** What all pages share: the head, the way around, and the result of what was done last. */
import type { ComponentChildren, VNode } from 'preact';
import { THEMES, type Theme } from '../core/theme.js';
import { HostileText } from './hostile-text.js';
import { Icon, type IconName } from './icon.js';
import { Region } from './region.js';
import { countText } from './words.js';

export interface NavItem {
  readonly label: string;
  readonly icon: IconName;
  readonly href: string;
  readonly isCurrent: boolean;
  /** How many subjects are locked, beside the label. */
  readonly locked?: { readonly count: number; readonly isAtLeast: boolean } | undefined;
}

export interface LayoutProps {
  /** The title of the window. */
  readonly title: string;
  /**
   * The heading of the page, where it shows what a client sent.
   * @default the title
   */
  readonly heading?: VNode | undefined;
  readonly nav: readonly NavItem[];
  readonly actor: string;
  readonly theme: Theme;
  /** Where the form of the theme is sent. */
  readonly themeAction: string;
  /** The path and query of this page, below the base. */
  readonly here: string;
  readonly assets: { readonly css: string; readonly js: string; readonly icon: string };
  readonly asOf: Date;
  /** A link to this page. */
  readonly reload: string;
  /** Beside the time at which the page was made. */
  readonly controls?: ComponentChildren;
  /** The result of an act; undefined if nothing was done. */
  readonly notice?: ComponentChildren;
  readonly children?: ComponentChildren;
}

const THEME_LABELS: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

export function Layout(props: LayoutProps): VNode {
  const { title, heading = title, theme, assets, controls, notice, children } = props;
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
        <a class="skip" href="#main">
          Skip to content
        </a>
        <Rail {...props} />
        <main class="page" id="main" tabindex={-1}>
          <div class="page-head">
            <h1>{heading}</h1>
            <div class="cluster">
              {controls}
              <Region name="as-of">
                <AsOf {...props} />
              </Region>
            </div>
          </div>
          {notice}
          {children}
        </main>
      </body>
    </html>
  );
}

function Rail({ nav, actor, theme, themeAction, here }: LayoutProps): VNode {
  return (
    <header class="rail">
      <p class="brand">
        <Icon name="shield" />
        Lockout
      </p>
      <nav aria-label="Pages">
        {nav.map(({ label, icon, href, isCurrent, locked }) => (
          <a key={href} href={href} aria-current={isCurrent ? 'page' : undefined}>
            <Icon name={icon} />
            {label}
            {locked && (
              <Region name="locked-count">
                <LockedCount locked={locked} />
              </Region>
            )}
          </a>
        ))}
      </nav>
      <div class="viewer">
        <p>
          Signed in as <HostileText text={actor} max={80} />
        </p>
        <form method="post" action={themeAction}>
          <input type="hidden" name="to" value={here} />
          <fieldset class="segments">
            <legend class="sr">Theme</legend>
            {THEMES.map((value) => (
              <button key={value} type="submit" name="theme" value={value} aria-pressed={value === theme}>
                {THEME_LABELS[value]}
              </button>
            ))}
          </fieldset>
        </form>
      </div>
    </header>
  );
}

/** Nothing if it is not known. */
export function LockedCount({ locked }: Pick<NavItem, 'locked'>): VNode | null {
  if (!locked) return null;
  return (
    <span class="count">
      {countText(locked.count)}
      {locked.isAtLeast ? '+' : ''}
      <span class="sr"> locked</span>
    </span>
  );
}

/** Readers see how old the page is. */
export function AsOf({ asOf, reload }: Pick<LayoutProps, 'asOf' | 'reload'>): VNode {
  const iso = asOf.toISOString();
  return (
    <p class="as-of">
      as of{' '}
      <time datetime={iso} data-show="seconds">
        {iso.slice(11, 19)} UTC
      </time>{' '}
      · <a href={reload}>Reload</a>
    </p>
  );
}
