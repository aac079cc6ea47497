/** A page that says what is wrong, and where to go from here. */
import type { AdminResponse, PageContext } from '../core/types.js';
import { Notice } from './notice.js';
import { renderPage } from './show-page.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'This address is not right',
  403: 'Not allowed',
  404: 'Page not found',
  405: 'Not possible here',
  413: 'Too much at once',
  415: 'Not a form',
  500: 'Something went wrong',
  503: 'The store does not answer',
};

/** @param message - shown as text */
export function showError(context: PageContext, status: number, message: string): AdminResponse {
  return renderPage(context, {
    title: TITLES[status] ?? 'Something went wrong',
    status,
    children: (
      <>
        <Notice tone="error">{message}</Notice>
        <p>
          <a href={context.links.to('/')}>Back to the first page</a>
        </p>
      </>
    ),
  });
}
