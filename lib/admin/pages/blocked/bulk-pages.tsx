/** Asks before many subjects are unblocked, and shows how far it is. */
import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { Button, ConfirmForm, Hidden } from '../../view/forms.js';
import { HostileText } from '../../view/hostile-text.js';
import { Meter } from '../../view/meter.js';
import { Notice } from '../../view/notice.js';
import { Term } from '../../view/term.js';
import { TimeText } from '../../view/time.js';
import { countOf, countText } from '../../view/words.js';
import { type BulkCount, type BulkFilter, filterQuery, filterTerms } from './bulk-filter.js';
import type { BulkJob } from './bulk-jobs.js';

export interface BulkConfirmProps {
  readonly links: Links;
  readonly filter: BulkFilter;
  readonly counted: BulkCount;
  /** Why it was not begun; undefined at first. */
  readonly error: string | undefined;
}

export function BulkConfirm({ links, filter, counted, error }: BulkConfirmProps): VNode {
  const back = links.to('/blocked', filterQuery(filter));
  if (counted.count === 0) {
    return (
      <Notice tone="info">
        Nothing that matches is locked. <a href={back}>Back to the list</a>
      </Notice>
    );
  }
  const { dimension, username, ip } = filter;
  return (
    <ConfirmForm
      id="bulk"
      action={links.to('/blocked/unblock-all')}
      title={`Unblock ${countedText(counted)}?`}
      fields={{ dimension, username, ip }}
      confirm="Unblock all"
      tone="danger"
      cancel={back}
      error={error}
    >
      <div class="stack">
        <Filter filter={filter} />
        <p>
          Logins are possible again, and the failures are forgotten. This cannot be undone. What is locked while it goes
          on may be unblocked as well.
        </p>
        {counted.byOperators === 0 && !counted.isAtLeast ? null : (
          <label class="check">
            <input type="checkbox" name="operators" value="yes" />
            <span>
              Also those that operators blocked ({countText(counted.byOperators)}
              {counted.isAtLeast ? ' or more' : ''})
            </span>
          </label>
        )}
      </div>
    </ConfirmForm>
  );
}

function Filter({ filter }: { readonly filter: BulkFilter }): VNode {
  const terms = filterTerms(filter);
  if (terms.length === 0) return <p>Everything that is locked, without a filter.</p>;
  return (
    <dl class="facts">
      {terms.map(([term, value]) => (
        <Term key={term} term={term}>
          <HostileText text={value} />
        </Term>
      ))}
    </dl>
  );
}

function countedText({ count, isAtLeast }: BulkCount): string {
  return isAtLeast ? `more than ${countOf(count, 'subject')}` : countOf(count, 'subject');
}

export interface BulkProgressProps {
  readonly links: Links;
  readonly job: BulkJob;
  readonly now: number;
  /** Whether another act of the viewer had been asked for. */
  readonly isBusy: boolean;
}

export function BulkProgress({ links, job, now, isBusy }: BulkProgressProps): VNode {
  const { id, actor, filter, reason, startedAt, state, withOperators } = job;
  const here = links.to('/blocked/bulk', { id });
  const isRunning = state === 'running';
  return (
    <>
      {isBusy ? (
        <Notice tone="warning">
          Nothing more was begun: this one of yours still runs. Wait for its end, or stop it.
        </Notice>
      ) : null}
      <section class="card" aria-labelledby="progress">
        <div class="card-head">
          <h2 id="progress">{TITLES[state]}</h2>
          {isRunning ? <a href={here}>Reload</a> : <a href={links.to('/blocked', filterQuery(filter))}>To the list</a>}
        </div>
        <div class="card-body stack">
          <div id="bulk-progress" data-poll={isRunning ? here : undefined}>
            <Progress job={job} />
          </div>
          <Filter filter={filter} />
          <p class="soft">
            <HostileText text={actor} max={80} />, <TimeText at={startedAt} now={now} />: <HostileText text={reason} />
            {withOperators ? '; also what operators blocked' : '; not what operators blocked'}
          </p>
        </div>
        {isRunning ? (
          <form class="card-foot" method="post" action={links.to('/blocked/bulk/stop')}>
            <Hidden fields={{ id }} />
            <Button tone="danger" isSmall>
              Stop
            </Button>{' '}
            It goes on if you leave this page.
          </form>
        ) : null}
      </section>
    </>
  );
}

const TITLES: Readonly<Record<BulkJob['state'], string>> = {
  running: 'Unblocking',
  finished: 'Done',
  stopped: 'Stopped',
  closed: 'Stopped: the pages were closed',
  failed: 'Ended by an error',
};

function Progress({ job: { freed, counted, state, message, withOperators } }: { readonly job: BulkJob }): VNode {
  const whole = withOperators ? counted.count : counted.count - counted.byOperators;
  return (
    <>
      {state === 'running' && !counted.isAtLeast ? <Meter part={freed} whole={whole} /> : null}
      <p>
        <strong>Unblocked {countOf(freed, 'subject')}</strong>
        {state === 'finished' ? '.' : ` of ${counted.isAtLeast ? 'more than ' : ''}${countText(whole)}.`}
        {message === undefined ? '' : ` ${message}`}
      </p>
    </>
  );
}
