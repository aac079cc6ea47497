/** The effective options, what they grant a guesser, and what to look at. */
import type { VNode } from 'preact';
import { HostileText } from '../../view/hostile-text.js';
import { Icon } from '../../view/icon.js';
import { Notice } from '../../view/notice.js';
import { countText } from '../../view/words.js';
import type { SettingsData } from './data.js';
import { LadderCard } from './ladder-card.js';
import { StoreCard } from './store-card.js';

const MAX_CHARS = 400;

export function SettingsPage({ data }: { readonly data: SettingsData }): VNode {
  const { ladders, groups } = data;
  return (
    <>
      <FindingsCard findings={data.findings} />
      <StoreCard {...data} />
      <section class="stack" aria-labelledby="ladders">
        <h2 id="ladders">Ladders</h2>
        {ladders.length === 0 ? (
          <Notice tone="info">
            The dimensions are chosen by a function, which has not been asked yet: the first login shows them here.
          </Notice>
        ) : (
          <div class="grid ladders">
            {ladders.map((ladder, index) => (
              <LadderCard key={ladder.dimension} ladder={ladder} index={index} />
            ))}
          </div>
        )}
      </section>
      <section class="stack" aria-labelledby="options">
        <h2 id="options">Options</h2>
        {groups.map(({ title, rows }) => (
          <OptionsCard key={title} title={title} rows={rows} />
        ))}
      </section>
    </>
  );
}

function OptionsCard({ title, rows }: SettingsData['groups'][number]): VNode {
  return (
    <div class="card">
      <div class="card-head">
        <h3>{title}</h3>
      </div>
      <dl class="rows">
        {rows.map(({ name, text, isSet }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <HostileText text={text} max={MAX_CHARS} />
              {isSet ? <span class="badge">set</span> : <span class="soft tight">default</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function FindingsCard({ findings }: Pick<SettingsData, 'findings'>): VNode {
  return (
    <section class="card" aria-labelledby="findings">
      <div class="card-head">
        <h2 id="findings">Findings{'value' in findings ? ` (${countText(findings.value.length)})` : ''}</h2>
      </div>
      <div class="card-body">
        {'failure' in findings ? (
          <Notice tone="error">Nothing was checked: {findings.failure}</Notice>
        ) : findings.value.length === 0 ? (
          <p>
            <span class="badge succeeded">
              <Icon name="check" />
              Well
            </span>{' '}
            <code>lockout.check()</code> has found nothing to look at.
          </p>
        ) : (
          <ul class="findings">
            {findings.value.map(({ code, message, option, help }) => (
              <li key={`${code} ${message}`}>
                <code>{code}</code> <HostileText text={message} max={1_000} />
                {option === undefined ? null : (
                  <>
                    {' '}
                    Option <code>{option}</code>.
                  </>
                )}{' '}
                <span class="soft">
                  More in <code>{help}</code>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
