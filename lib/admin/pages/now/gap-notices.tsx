import type { VNode } from 'preact';
import { HostileText } from '../../view/hostile-text.js';
import { Notice } from '../../view/notice.js';
import { TimeText } from '../../view/time.js';
import type { Gap, NowSnapshot } from './snapshot.js';

const FAILED: Readonly<Record<Gap['part'], string>> = {
  counts: 'The counts of attempts cannot be read',
  log: 'The attempt log cannot be read',
  locks: 'Who is locked cannot be read',
  findings: 'The store cannot be checked',
};
const MAX_CHARS = 400;

/** Says what the page cannot show, and of when what it shows instead is. */
export function GapNotices({ gaps, now }: { readonly gaps: NowSnapshot['gaps']; readonly now: number }): VNode {
  return (
    <>
      {gaps.map(({ part, hasFailed, message, asOf }) => (
        <Notice key={`${part} ${message}`} tone={hasFailed ? 'error' : 'warning'}>
          {hasFailed ? `${FAILED[part]}: ` : ''}
          <HostileText text={message} max={MAX_CHARS} />
          {asOf === null ? null : (
            <>
              {'. What is shown of it is of '}
              <TimeText at={asOf} now={now} show="absolute" />.
            </>
          )}
        </Notice>
      ))}
    </>
  );
}
