import type { VNode } from 'preact';

/**
 * Whether the page is live, and what stops it. Shown by the script, since nothing is live without it. Screen readers are told of the
 * headline here, and not by the headline itself, which changes more often than anybody can listen.
 *
 * @param stream - the address of the stream
 */
export function LiveControls({ stream }: { readonly stream: string }): VNode {
  return (
    <div class="live" data-stream={stream} hidden>
      <span class="live-state" role="status">
        Connecting
      </span>
      <button type="button" class="button small">
        Pause
      </button>
      <p class="sr" aria-live="polite" data-announcer />
    </div>
  );
}
