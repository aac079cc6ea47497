/** Finds a subject by what an operator knows of it; shown as well where an address of the page leads to none. */
import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { Button, TextField } from '../../view/forms.js';
import { HostileText } from '../../view/hostile-text.js';
import { Notice } from '../../view/notice.js';

export interface LookUpProps {
  readonly links: Links;
  /** Why nothing was found; undefined if nothing was asked for. */
  readonly message: string | undefined;
  /** The key of the address. */
  readonly given: string | undefined;
  readonly username: string | undefined;
  readonly ip: string | undefined;
}

/** Of a key that may be as long as an address. */
const MAX_KEY_CHARS = 300;

export function LookUp({ links, message, given, username, ip }: LookUpProps): VNode {
  return (
    <>
      {message === undefined ? null : (
        <Notice tone="error">
          {given === undefined || given === '' ? null : (
            <>
              <HostileText text={given} max={MAX_KEY_CHARS} />:{' '}
            </>
          )}
          {message}
        </Notice>
      )}
      <section class="card" aria-labelledby="look-up">
        <div class="card-head">
          <h2 id="look-up">Look up a user or an address</h2>
        </div>
        <div class="card-body">
          <form class="filters" method="get" action={links.to('/subject')} aria-labelledby="look-up">
            <TextField
              id="username"
              name="username"
              label="Username"
              hint="In any spelling"
              value={username}
              max={4096}
            />
            <TextField id="ip" name="ip" label="Address" hint="Or both" value={ip} max={100} />
            <Button tone="primary">Look up</Button>
          </form>
        </div>
      </section>
      <p>
        <a href={links.to('/blocked')}>All locked subjects</a>
      </p>
    </>
  );
}
