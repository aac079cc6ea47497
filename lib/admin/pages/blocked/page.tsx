/** The list of locked subjects. */
import type { AdminResponse, PageContext } from '../../core/types.js';
import { showPage } from '../../view/show-page.js';

export async function showBlocked(context: PageContext): Promise<AdminResponse> {
  const { items } = await context.lockout.list({ limit: 50 });
  return showPage(context, {
    title: 'Blocked',
    children:
      items.length === 0 ? (
        <p>Nobody is locked.</p>
      ) : (
        <ul>
          {items.map(({ key }) => (
            <li key={key}>
              <bdi>{key}</bdi>
            </li>
          ))}
        </ul>
      ),
  });
}
