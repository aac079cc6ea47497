/** The admin pages over a lockout whose attempts are made here, on a clock that each moves by a second; read through `fetch`. */
import { type Admin, type AdminViewer, createAdmin } from '../../../../lib/admin/index.js';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../../../lib/index.js';
import type { NewAttemptEntry } from '../../../../lib/stores/attempt-log.js';
import { pending } from '../../../support/fixtures/attempt-entries.js';
import { OPERATOR, textOf, valuesOf } from '../../../support/sites/admin-desk.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { PATIENT } from '../../../support/stores/patient.js';

const HOST = 'http://admin.example.com';

export interface Guess {
  readonly ip?: string;
  readonly isRight?: boolean;
  readonly userAgent?: string;
  readonly url?: string;
}

export class LogDesk {
  readonly clock: ManualClock;
  readonly store: LockoutStore;
  readonly lockout: Lockout;
  readonly admin: Admin;

  /** @param store - on `clock` */
  constructor(
    clock = new ManualClock(),
    store: LockoutStore = new MemoryStore({ clock: clock.read }),
    { can = OPERATOR.can, ...options }: LockoutOptions & Partial<Pick<AdminViewer, 'can'>> = {},
  ) {
    this.clock = clock;
    this.store = store;
    // Awaited, so that what an attempt left behind can be read right after it.
    this.lockout = new Lockout({ ...PATIENT, store, attemptLog: 'await', ...options });
    this.admin = createAdmin(this.lockout, { authorize: () => ({ actor: 'carol', can }) });
  }

  async guess(username: string, { ip = '203.0.113.9', isRight = false, userAgent, url = '/login' }: Guess = {}) {
    const headers = userAgent === undefined ? {} : { 'user-agent': userAgent };
    const req = { ip, method: 'POST', url, headers, socket: { remoteAddress: ip } };
    const { outcome } = await this.lockout.protect({ username, req }, () => isRight);
    this.clock.advance({ seconds: 1 });
    return outcome;
  }

  /** Writes entries without any attempt, the oldest first, each a second after the one before. */
  async write(entries: readonly Partial<NewAttemptEntry>[]): Promise<void> {
    const batch = entries.map((facts, index) => pending(facts, (entries.length - index) * 1_000));
    await this.store.attemptLog?.append(batch, 86_400_000);
  }

  open(target: string): Promise<Response> {
    return this.admin.fetch(new Request(HOST + target));
  }

  async page(target: string): Promise<string> {
    return (await this.open(target)).text();
  }

  async text(target: string): Promise<string> {
    return textOf(await this.page(target));
  }

  /** The usernames of the rows, as the links to their pages show them. */
  async names(target: string): Promise<readonly string[]> {
    return namesOf(await this.page(target));
  }

  close(): Promise<void> {
    return this.lockout.close();
  }
}

/** From the links that lead from a name to its page. */
export function namesOf(html: string): readonly string[] {
  const rows = [...html.matchAll(/<th scope="row">.*?<\/th>/gs)].map(([row]) => row);
  return rows.map((row) => {
    const [link = ''] = valuesOf(row, 'href');
    return new URLSearchParams(link.split('?')[1]).get('key')?.replace('username=', '') ?? textOf(row);
  });
}

/** The link of the page whose text is this one. */
export function linkOf(html: string, text: string): string {
  const links = [...html.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gs)];
  const [, href] = links.find(([, , inner = '']) => textOf(inner) === text) ?? [];
  if (href === undefined) throw new Error(`there is no link "${text}"`);
  return textOf(href);
}

/** The texts of the cells of each row, without the links that stand beside a value. */
export function rowsOf(html: string): readonly (readonly string[])[] {
  const rows = [...html.matchAll(/<tr data-key=.*?<\/tr>/gs)].map(([row]) => row);
  return rows.map((row) =>
    row
      .replaceAll(/<span class="(?:narrow|sr)">.*?<\/span>(?!<\/a>|<a)/gs, '')
      .split(/<\/t[dh]>/)
      .slice(0, -1)
      .map(textOf),
  );
}
