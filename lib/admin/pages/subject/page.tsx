/** One subject: what its state is and why, what led there, and what it has to do with others. */
import type { ComponentChildren, VNode } from 'preact';
import { Ladder } from '../../charts/ladder.js';
import type { Links } from '../../core/links.js';
import { CauseText, LockBadge, TierDots } from '../../view/badges.js';
import { Icon, iconOfDimension } from '../../view/icon.js';
import { dimensionText, SubjectName } from '../../view/subject-link.js';
import type { SubjectRef } from '../../view/subject-ref.js';
import { Term } from '../../view/term.js';
import { Remaining, TimeText } from '../../view/time.js';
import { countText } from '../../view/words.js';
import { KnownDevices } from './known-devices.js';
import { Line } from './line.js';
import { Browsers, Networks, Related } from './related.js';
import type { SubjectSnapshot } from './snapshot.js';
import { stateText } from './state-text.js';

/** A whole name, even if each of its characters is an escape. */
const MAX_CHARS = 2500;

export interface SubjectPageProps {
  readonly links: Links;
  readonly snapshot: SubjectSnapshot;
  /** Forms for what the viewer may do: unblock, forget failures, block. */
  readonly actions?: ComponentChildren;
  /** A link to what revokes the known devices. */
  readonly revoke?: ComponentChildren;
}

/** The heading of its page: the whole name, from which operators copy it. */
export function SubjectHeading({ subject }: { readonly subject: SubjectRef }): VNode {
  return <SubjectName subject={subject} max={MAX_CHARS} />;
}

export function SubjectPage({ links, snapshot, actions, revoke }: SubjectPageProps): VNode {
  const { at, subject, lock, line, steps, failures, related, devices, browsers, networks } = snapshot;
  const [first, ...others] = related;
  return (
    <>
      <section class={`card headline ${lock ? 'attack' : 'quiet'}`} aria-labelledby="state" data-live="state">
        <div class="level">
          <Icon name={lock ? 'lock' : iconOfDimension(subject.dimension)} />
        </div>
        <div>
          <p class="eyebrow">
            {capitalized(dimensionText(subject.dimension))}
            {lock ? (
              <>
                {' · '}
                <LockBadge cause={lock.cause} />
              </>
            ) : null}
          </p>
          <h2 class="sentence" id="state">
            {stateText(snapshot)}
          </h2>
          <Facts snapshot={snapshot} />
          {actions === undefined ? null : <div class="cluster actions">{actions}</div>}
        </div>
      </section>
      {steps.length === 0 ? null : (
        <section class="card" aria-labelledby="ladder">
          <div class="card-head">
            <h2 id="ladder">Ladder</h2>
            <p>How long each number of failures locks</p>
          </div>
          <div class="card-body">
            <Ladder id="steps" steps={steps} failures={failures} holding={lock?.tier ?? null} />
          </div>
        </section>
      )}
      <Line links={links} line={line} now={at} />
      <div class="grid">
        <div class="stack">{first ? <Related links={links} list={first} now={at} /> : null}</div>
        <div class="stack">
          {others.map((list) => (
            <Related key={list.kind} links={links} list={list} now={at} />
          ))}
          {devices === null ? null : <KnownDevices links={links} devices={devices} now={at} revoke={revoke} />}
          {browsers === null ? null : <Browsers browsers={browsers} now={at} />}
          {networks === null ? null : <Networks networks={networks} now={at} />}
        </div>
      </div>
    </>
  );
}

function Facts({ snapshot }: { readonly snapshot: SubjectSnapshot }): VNode {
  const { at, lock, places, takenBack, verifying, firstFailureAt, lastFailureAt, subject } = snapshot;
  const isName = subject.dimension.includes('username');
  const facts: readonly (readonly [term: string, value: ComponentChildren])[] = [
    ...(lock
      ? ([
          ['Why', <CauseText {...lock} />],
          ...(lock.tier === null ? [] : [['Tier', <TierDots {...lock} />] as const]),
          ['End', <Remaining until={lock.until} now={at} />],
          ...(lock.since === null ? [] : [['Locked', <TimeText at={lock.since} now={at} show="both" />] as const]),
        ] as const)
      : []),
    ...(places > 0 ? [[isName ? 'Failures from' : 'Failures with', placesText(places, isName)] as const] : []),
    ...(firstFailureAt === null ? [] : [['First failure', <TimeText at={firstFailureAt} now={at} />] as const]),
    ...(lastFailureAt === null ? [] : [['Last failure', <TimeText at={lastFailureAt} now={at} />] as const]),
    ...(takenBack > 0 ? [['Taken back by logins', countText(takenBack)] as const] : []),
    ...(verifying > 0 ? [['Being verified now', countText(verifying)] as const] : []),
  ];
  return (
    <dl class="facts many">
      {facts.map(([term, value]) => (
        <Term key={term} term={term}>
          {value}
        </Term>
      ))}
    </dl>
  );
}

/** Places beyond 64 are not told apart. */
const MOST_PLACES = 64;

function placesText(places: number, isName: boolean): string {
  const count = `${countText(places)}${places >= MOST_PLACES ? ' or more' : ''}`;
  if (isName) return `${count} ${places === 1 ? 'address' : 'addresses'}`;
  return `${count} ${places === 1 ? 'username' : 'usernames'}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
