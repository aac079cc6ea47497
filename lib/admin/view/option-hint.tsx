/** An option of the lockout as text to copy: the pages change no options. */
import type { VNode } from 'preact';
import { HostileText } from './hostile-text.js';

export interface OptionHintProps {
  readonly list: 'allow' | 'deny';
  readonly of: 'ips' | 'usernames';
  /** The exact value, without escapes. */
  readonly value: string;
}

/** A name as long as names may be, each of its characters an escape. */
const MAX_CHARS = 50_000;

export function OptionHint({ list, of, value }: OptionHintProps): VNode {
  return (
    <pre class="mono">
      <HostileText text={`${list}: { ${of}: [${quoted(value)}] },`} max={MAX_CHARS} />
    </pre>
  );
}

/** A string of JavaScript; what is invisible in it is shown as an escape that means the same there. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`;
}
