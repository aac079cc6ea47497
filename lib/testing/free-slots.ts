/** In a step of several subjects, a store may report fewer free slots than there are. */

/** Returns the replies with the expected `freeSlots` where the store's are allowed: fewer, but above 0. */
export function withFreeSlots<Reply extends object>(
  replies: readonly Reply[],
  expected: readonly Reply[],
): readonly Reply[] {
  return replies.map((reply, index) => {
    const free = freeSlotsOf(reply);
    const most = freeSlotsOf(expected[index] ?? {});
    return free > 0 && free < most ? { ...reply, freeSlots: most } : reply;
  });
}

function freeSlotsOf(reply: { readonly freeSlots?: number }): number {
  return reply.freeSlots ?? 0;
}
