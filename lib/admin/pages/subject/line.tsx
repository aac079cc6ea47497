/** The time line of a subject, and what it does not show. */
import type { VNode } from 'preact';
import { TimeLine } from '../../charts/time-line.js';
import type { Links } from '../../core/links.js';
import { HostileText } from '../../view/hostile-text.js';
import { EmptyState } from '../../view/notice.js';
import { TimeText } from '../../view/time.js';
import { countText } from '../../view/words.js';
import type { SubjectLine } from './snapshot.js';

export interface LineProps {
  readonly links: Links;
  readonly line: SubjectLine;
  readonly now: number;
}

export function Line({ links, line, now }: LineProps): VNode {
  const { from, to, attempts, locks, acts, logged } = line;
  const isEmpty = attempts.length === 0 && locks.length === 0 && acts.length === 0;
  const isLogged = Object.keys(logged).length > 0;
  return (
    <section class="card" aria-labelledby="time-line">
      <div class="card-head">
        <h2 id="time-line">Time line</h2>
        {isLogged ? <a href={links.to('/attempts', { ...logged })}>All attempts</a> : null}
      </div>
      {isEmpty ? (
        <EmptyState icon="history" title={line.log === 'unanswered' ? 'Not known now' : 'Nothing has happened yet'}>
          Attempts, locks and what operators do appear here.
        </EmptyState>
      ) : (
        <div class="card-body">
          <TimeLine id="line" title="Attempts, locks and acts" {...{ from, to, attempts, locks, acts }} />
        </div>
      )}
      <Gaps line={line} now={now} />
    </section>
  );
}

/** What the line does not show, and why. */
function Gaps({ line, now }: Pick<LineProps, 'line' | 'now'>): VNode | null {
  const { attempts, isCut, log, logged, unlogged } = line;
  const oldest = Math.min(...attempts.map(({ at }) => at));
  if (log === 'none') return <p class="card-foot">The store keeps no attempts.</p>;
  if (log === 'unanswered') {
    return (
      <p class="card-foot">
        The attempt log did not answer in time: attempts, and what is told from them, are missing here. All else is as
        of now. Reload to ask again.
      </p>
    );
  }
  if (log === 'off') return <p class="card-foot">Attempts are not logged: the option attemptLog is off.</p>;
  if (Object.keys(logged).length === 0) {
    return <p class="card-foot">The attempt log records usernames and addresses: it says nothing of this subject.</p>;
  }
  if (!isCut && unlogged.length === 0) return null;
  return (
    <p class="card-foot">
      {isCut && attempts.length > 0 ? (
        <>
          Only the newest {countText(attempts.length)} entries of the attempt log are drawn, since{' '}
          <TimeText at={oldest} now={now} show="both" />.{' '}
        </>
      ) : null}
      {unlogged.length === 0 ? null : (
        <>
          The attempts are those with any{' '}
          {unlogged.map((part, index) => (
            <span key={part}>
              {index === 0 ? '' : ' and '}
              <HostileText text={part} max={80} />
            </span>
          ))}
          , which the attempt log does not record.
        </>
      )}
    </p>
  );
}
