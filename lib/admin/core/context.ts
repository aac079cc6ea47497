/** What a page is given: made once per request, after the viewer is known. */
import { ENGINE, type Lockout } from '../../lockout.js';
import { readAttempt } from '../../request/read-attempt.js';
import type { AnyRequest } from '../../subject/attempt.js';
import { asked } from '../../util/asked.js';
import { Links } from './links.js';
import type { Viewer } from './permissions.js';
import type { AdminRequest, PageContext } from './types.js';

const NO_FIELDS = new URLSearchParams();

export function createContext(
  lockout: Lockout,
  request: AdminRequest,
  viewer: Viewer,
  { hasPage, closing }: Pick<PageContext, 'hasPage' | 'closing'>,
  form = NO_FIELDS,
): PageContext {
  const { options } = lockout[ENGINE];
  return {
    lockout,
    request,
    query: request.query,
    form,
    viewer,
    links: new Links(request.basePath),
    now: new Date((options.store.clock ?? Date.now)()),
    // The application's `clientIp` may throw for a request that it does not know.
    address: asked(() => readAttempt(options, { req: request.raw as AnyRequest }).address),
    closing,
    hasPage,
  };
}
