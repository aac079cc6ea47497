import type { VNode } from 'preact';
import { Icon, type IconName } from '../../view/icon.js';
import { TimeText } from '../../view/time.js';
import { type Headline, type Level, type Pattern, toHeadline } from './headline.js';
import type { NowSnapshot } from './snapshot.js';

const LEVELS: Readonly<Record<Level, readonly [word: string, icon: IconName]>> = {
  unknown: ['Not known', 'alert'],
  quiet: ['Quiet', 'check'],
  raised: ['More failures than usual', 'pulse'],
  attack: ['Under attack', 'alert'],
};

const PATTERNS: Readonly<Record<Pattern, string>> = {
  stuffing: 'Credential stuffing: few addresses, many usernames',
  targeted: 'Targeted: one username',
  spread: 'Distributed: many addresses, many usernames',
};

export function HeadlineCard({ snapshot }: { readonly snapshot: NowSnapshot }): VNode {
  const headline = toHeadline(snapshot);
  const [word, icon] = LEVELS[headline.level];
  return (
    <section class={`card headline ${headline.level}`} aria-labelledby="headline">
      <div class="level">
        <Icon name={icon} />
      </div>
      <div>
        <p class="eyebrow">
          <strong>{word}</strong>
          {headline.since === null ? null : (
            <>
              {' since '}
              <TimeText at={headline.since} now={snapshot.at} show="clock" />
            </>
          )}
        </p>
        <h2 class="sentence" id="headline">
          {headline.sentence}
        </h2>
        <Facts headline={headline} />
      </div>
    </section>
  );
}

function Facts({ headline: { pattern, hurt, defence } }: { readonly headline: Headline }): VNode {
  return (
    <dl class="facts">
      {pattern === null ? null : (
        <div>
          <dt>Pattern</dt>
          <dd>{PATTERNS[pattern]}</dd>
        </div>
      )}
      <div>
        <dt>Defence</dt>
        <dd>{defence}</dd>
      </div>
      <div>
        <dt>Who is hurt</dt>
        <dd>{hurt}</dd>
      </div>
    </dl>
  );
}
