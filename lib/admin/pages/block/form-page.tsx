/** The form in which an operator says what to block. */
import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { Button, DateTimeField, Hidden, SelectField, TextField } from '../../view/forms.js';
import { HostileText } from '../../view/hostile-text.js';
import { Notice } from '../../view/notice.js';
import { OptionHint } from '../../view/option-hint.js';
import { dimensionText } from '../../view/subject-link.js';
import { type BlockFields, type BlockMistakes, DURATIONS, FOREVER, MAX_REASON_CHARS, UNTIL } from './order.js';

export interface BlockFormProps {
  readonly links: Links;
  readonly fields: BlockFields;
  readonly mistakes: BlockMistakes;
  /** A network that can only be refused by an option. */
  readonly network: string | undefined;
  /** What is counted; empty if that depends on the attempt. */
  readonly dimensions: readonly string[];
  /** The page to return to, below the base. */
  readonly to: string;
  readonly cancel: string;
}

const DURATION_TEXTS: Readonly<Record<(typeof DURATIONS)[number], string>> = {
  '15m': '15 minutes',
  '1h': '1 hour',
  '4h': '4 hours',
  '1d': '1 day',
  '1w': '1 week',
  '30d': '30 days',
};
const TIMES = [
  ...DURATIONS.map((value) => ({ value, text: `For ${DURATION_TEXTS[value]}` })),
  { value: UNTIL, text: 'Until the time below' },
  { value: FOREVER, text: 'Until reset' },
];

export function BlockForm(props: BlockFormProps): VNode {
  const { links, fields, mistakes, network, dimensions, to, cancel } = props;
  return (
    <>
      {Object.keys(mistakes).length === 0 ? null : <Notice tone="error">Nothing was blocked. See below.</Notice>}
      {network === undefined ? null : <NetworkHint network={network} />}
      <section class="card" aria-labelledby="block">
        <div class="card-head">
          <h2 id="block">Refuse all attempts of</h2>
          <p>{dimensions.length === 0 ? '' : `Counted by ${dimensions.map(dimensionText).join('; ')}`}</p>
        </div>
        <form class="card-body stack" method="post" action={links.to('/block/preview')} aria-labelledby="block">
          <Hidden fields={{ to }} />
          {fields.key === '' ? <Target {...props} /> : <GivenSubject {...props} />}
          <div class="pair">
            <SelectField id="for" name="for" label="How long" value={fields.for} options={TIMES} error={mistakes.for} />
            <DateTimeField
              id="until"
              name="until"
              label="Until (UTC)"
              hint="Only with “Until the time below”"
              value={fields.until}
              error={mistakes.until}
            />
          </div>
          <TextField
            id="reason"
            name="reason"
            label="Reason"
            hint="Shown beside the lock, and kept in Activity with your name."
            value={fields.reason}
            isRequired
            max={MAX_REASON_CHARS}
            error={mistakes.reason}
          />
          <div class="cluster">
            <a class="button" href={cancel}>
              Cancel
            </a>
            <Button tone="primary">Preview</Button>
          </div>
        </form>
      </section>
    </>
  );
}

function Target({ fields, mistakes }: BlockFormProps): VNode {
  return (
    <div class="pair">
      <TextField
        id="username"
        name="username"
        label="Username"
        hint="In any spelling"
        value={fields.username}
        max={4096}
        error={mistakes.username}
      />
      <TextField
        id="ip"
        name="ip"
        label="Address"
        hint="IPv4, or IPv6 for its whole network"
        value={fields.ip}
        max={100}
        error={mistakes.ip}
      />
    </div>
  );
}

function GivenSubject({ links, fields, mistakes }: BlockFormProps): VNode {
  return (
    <>
      <Hidden fields={{ key: fields.key }} />
      <p>
        <strong>
          <HostileText text={fields.key} />
        </strong>{' '}
        <a href={links.to('/block')}>Another</a>
      </p>
      {mistakes.key === undefined ? null : <p class="field-error">{mistakes.key}</p>}
    </>
  );
}

function NetworkHint({ network }: { readonly network: string }): VNode {
  return (
    <Notice tone="info">
      <p>To refuse all attempts of a network, add it to the option deny of the lockout:</p>
      <OptionHint list="deny" of="ips" value={network} />
    </Notice>
  );
}
