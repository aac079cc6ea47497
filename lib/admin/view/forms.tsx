/** Forms: fields with labels, filters by GET, and changes by POST that are confirmed. */
import type { ComponentChildren, VNode } from 'preact';
import { escapeUnsafe } from '../../util/printable.js';
import { Icon, type IconName } from './icon.js';

export interface ButtonProps {
  readonly children: ComponentChildren;
  /** @default 'plain' */
  readonly tone?: 'plain' | 'primary' | 'danger' | undefined;
  readonly isSmall?: boolean | undefined;
  readonly icon?: IconName | undefined;
  /** Sent with the form, for a form with several buttons. */
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  /** What it acts on, for screen readers: many rows have a button with the same word. */
  readonly on?: string | undefined;
}

export function Button({ children, tone = 'plain', isSmall = false, icon, name, value, on }: ButtonProps): VNode {
  return (
    <button type="submit" class={buttonClass(tone, isSmall)} name={name} value={value}>
      {icon ? <Icon name={icon} /> : null}
      {children}
      {on === undefined ? null : <span class="sr"> {on}</span>}
    </button>
  );
}

export function buttonClass(tone: NonNullable<ButtonProps['tone']>, isSmall = false): string {
  return ['button', tone === 'plain' ? '' : tone, isSmall ? 'small' : ''].filter(Boolean).join(' ');
}

export type HiddenFields = Readonly<Record<string, string | undefined>>;

/** Fields that go with a form unseen; undefined is left out. */
export function Hidden({ fields }: { readonly fields: HiddenFields }): VNode {
  return (
    <>
      {Object.entries(fields).map(([name, value]) =>
        value === undefined ? null : <input key={name} type="hidden" name={name} value={value} />,
      )}
    </>
  );
}

export interface FieldProps {
  /** Unique on the page. */
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly isWide?: boolean | undefined;
}

export interface TextFieldProps extends FieldProps {
  readonly value?: string | undefined;
  readonly isRequired?: boolean | undefined;
  /** How many characters it accepts. */
  readonly max?: number | undefined;
}

export function TextField({ value, isRequired, max, ...field }: TextFieldProps): VNode {
  return (
    <Field {...field}>
      <input
        {...described(field)}
        id={field.id}
        name={field.name}
        type="text"
        value={value}
        required={isRequired}
        maxlength={max}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        dir="auto"
      />
    </Field>
  );
}

/** An instant in UTC, to the second, as browsers write it: `2026-11-26T14:03:22`. */
export function DateTimeField({ value, ...field }: FieldProps & { readonly value?: string | undefined }): VNode {
  return (
    <Field {...field}>
      <input {...described(field)} id={field.id} name={field.name} type="datetime-local" step={1} value={value} />
    </Field>
  );
}

export interface SelectFieldProps extends FieldProps {
  readonly value?: string | undefined;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

export function SelectField({ value, options, ...field }: SelectFieldProps): VNode {
  return (
    <Field {...field}>
      <select id={field.id} name={field.name} {...described(field)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {escapeUnsafe(option.text)}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Field({ id, label, hint, error, isWide, children }: FieldProps & { readonly children: VNode }): VNode {
  return (
    <div class={isWide ? 'field wide' : 'field'}>
      <label for={id}>{label}</label>
      {children}
      {hint === undefined ? null : (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error === undefined ? null : (
        <span class="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

function described({ id, hint, error }: FieldProps): { 'aria-describedby'?: string; 'aria-invalid'?: true } {
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean);
  return {
    ...(ids.length > 0 && { 'aria-describedby': ids.join(' ') }),
    ...(error !== undefined && { 'aria-invalid': true as const }),
  };
}

export interface FilterFormProps {
  readonly action: string;
  /** What is filtered; names the region. */
  readonly label: string;
  /** Kept when the filter changes, such as the order. */
  readonly keep?: HiddenFields | undefined;
  /** A link without any filter; left out while none is set. */
  readonly clear?: string | undefined;
  readonly children: ComponentChildren;
}

export function FilterForm({ action, label, keep = {}, clear, children }: FilterFormProps): VNode {
  return (
    <search>
      <form class="filters" method="get" action={action} aria-label={label}>
        <Hidden fields={keep} />
        {children}
        <div class="cluster">
          <Button>Filter</Button>
          {clear === undefined ? null : (
            <a class="button" href={clear}>
              Clear
            </a>
          )}
        </div>
      </form>
    </search>
  );
}

export interface ConfirmFormProps {
  /** Unique on the page. */
  readonly id: string;
  readonly action: string;
  readonly title: string;
  /** What will happen, with the filter and the count of a bulk act repeated. */
  readonly children: ComponentChildren;
  readonly fields: HiddenFields;
  /** The word of the button, such as `Unblock`. */
  readonly confirm: string;
  readonly tone?: 'primary' | 'danger' | undefined;
  /** Where "Cancel" leads; the script closes the dialog instead. */
  readonly cancel: string;
  /** @default 'required' */
  readonly reason?: 'required' | 'optional' | 'none' | undefined;
  readonly error?: string | undefined;
}

/** Asks before a change: in a `<dialog>` with the script, as a page without it. */
export function ConfirmForm(props: ConfirmFormProps): VNode {
  const { id, action, title, children, fields, confirm, tone = 'primary', cancel, reason = 'required', error } = props;
  return (
    <form class="confirm" method="post" action={action} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <div>{children}</div>
      <Hidden fields={fields} />
      {reason === 'none' ? null : (
        <TextField
          id={`${id}-reason`}
          name="reason"
          label={reason === 'required' ? 'Reason' : 'Reason (optional)'}
          hint="Kept in Activity with your name."
          isRequired={reason === 'required'}
          max={1000}
          error={error}
        />
      )}
      <div class="cluster">
        <a class="button" href={cancel} data-close>
          Cancel
        </a>
        <Button tone={tone}>{confirm}</Button>
      </div>
    </form>
  );
}
