/** Blocks by hand: a form, a preview that says whom it hits, and the act. */
import { ENGINE } from '../../../lockout.js';
import { noticeQuery } from '../../core/notices.js';
import { redirect } from '../../core/respond.js';
import { pageToReturnTo, returnTo } from '../../core/return-to.js';
import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { showPage } from '../../view/show-page.js';
import { BlockForm } from './form-page.js';
import { type Order, ownParts, type ParsedOrder, parseOrder, toFields } from './order.js';
import { exactParts, readPreview } from './preview-data.js';
import { BlockPreview } from './preview-page.js';

export const blockRoutes: readonly Route[] = [
  { method: 'GET', path: '/block', permission: 'block', handle: (context) => showForm(context, context.query) },
  // Reasons may be too long for an address. Nothing is changed.
  { method: 'POST', path: '/block/preview', permission: 'block', handle: preview },
  { method: 'POST', path: '/block', permission: 'block', handle: block },
];

function showForm(context: PageContext, given: URLSearchParams, parsed?: ParsedOrder): Promise<AdminResponse> {
  const { lockout, links } = context;
  return showPage(context, {
    title: 'Block',
    status: parsed ? 400 : 200,
    children: (
      <BlockForm
        links={links}
        fields={toFields(given)}
        mistakes={parsed?.mistakes ?? {}}
        network={parsed?.network}
        dimensions={lockout[ENGINE].options.dimensions.known().map(({ name }) => name)}
        to={pageToReturnTo(given)}
        cancel={returnTo(links, given)}
      />
    ),
  });
}

function orderOf({ lockout, form, now }: PageContext): ParsedOrder {
  return parseOrder(lockout[ENGINE].options, toFields(form), now.getTime());
}

async function preview(context: PageContext): Promise<AdminResponse> {
  const parsed = orderOf(context);
  return parsed.order ? showPreview(context, parsed.order) : showForm(context, context.form, parsed);
}

async function showPreview(context: PageContext, order: Order, isUnconfirmed = false): Promise<AdminResponse> {
  const { lockout, links, form, now } = context;
  const data = await readPreview(lockout, order, now.getTime());
  return showPage(context, {
    title: 'Block',
    status: isUnconfirmed ? 400 : 200,
    children: (
      <BlockPreview
        links={links}
        preview={data}
        fields={toFields(form)}
        own={ownOf(context, order)}
        isUnconfirmed={isUnconfirmed}
        now={now.getTime()}
        to={pageToReturnTo(form)}
        cancel={returnTo(links, form)}
      />
    ),
  });
}

async function block(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, form, viewer } = context;
  const parsed = orderOf(context);
  const { order } = parsed;
  if (!order) return showForm(context, form, parsed);
  // Whatever the preview showed: an address may have changed since.
  if (ownOf(context, order).length > 0 && form.get('own') !== 'yes') return showPreview(context, order, true);
  const parts = exactParts(order);
  const before = await lockout.status(parts);
  const { key } = await lockout.block(parts, { ...order.options, by: viewer.by });
  const isClean = !before.locked && before.failures === 0;
  return redirect(returnTo(links, form, noticeQuery(isClean ? 'blocked' : 'reblocked', [key])));
}

function ownOf({ lockout, viewer, address }: PageContext, order: Order) {
  return ownParts(lockout[ENGINE].options, order, { actor: viewer.actor, address });
}
