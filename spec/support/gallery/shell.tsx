/** A whole page around a body, with the class names of the layout. */
import type { ComponentChildren, VNode } from 'preact';
import { Icon, type IconName } from '../../../lib/admin/view/icon.js';

const PAGES: readonly (readonly [name: string, icon: IconName, count?: number])[] = [
  ['Now', 'pulse'],
  ['Blocked', 'lock', 37],
  ['Block', 'plus'],
  ['Attempts', 'list'],
  ['Activity', 'history'],
  ['Settings', 'settings'],
];

export interface ShellProps {
  readonly title: string;
  readonly current: string;
  readonly theme: 'light' | 'dark';
  readonly children: ComponentChildren;
}

export function Shell({ title, current, theme, children }: ShellProps): VNode {
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href="app.css" />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="rail">
          <a class="brand" href="#Now">
            <Icon name="shield" />
            Lockout
          </a>
          <nav aria-label="Pages">
            {PAGES.map(([name, icon, count]) => (
              <a key={name} href={`#${name}`} aria-current={name === current ? 'page' : undefined}>
                <Icon name={icon} />
                {name}
                {count === undefined ? null : <span class="count">{count}</span>}
              </a>
            ))}
          </nav>
          <div class="viewer">ops@example.com</div>
        </header>
        <main id="main" class="page">
          {children}
        </main>
      </body>
    </html>
  );
}
