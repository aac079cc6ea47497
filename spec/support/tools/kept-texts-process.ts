/** A process of its own, started with --expose-gc: which passwords of many forms are still in its heap, as a count. */
import { randomBytes } from 'node:crypto';
import { getHeapSnapshot } from 'node:v8';
import { Lockout, MemoryStore } from '../../../lib/index.js';

const store = new MemoryStore();
const lockout = new Lockout({ store });
const MARK = randomBytes(6).toString('hex');

/** As parsers do: every value is a part that is cut from the whole form. */
async function logIn(index: number, isRight: boolean): Promise<void> {
  const form = `username=${'user '.repeat(index % 40)}number ${index}&password=secret ${MARK} ${index}&end`;
  const username = form.slice('username='.length, form.indexOf('&'));
  const headers = `POST /login HTTP/1.1\nUser-Agent: some browser ${index}\nCookie: ${MARK} ${index}\n`;
  const userAgent = headers.slice(headers.indexOf('some browser'), headers.indexOf('\nCookie'));
  const path = headers.slice('POST '.length, headers.indexOf(' HTTP'));
  const req = { ip: `203.0.113.${index % 200}`, originalUrl: path, headers: { 'user-agent': userAgent } };
  await lockout.protect({ username, req }, () => isRight);
}

for (let index = 0; index < 400; index += 1) await logIn(index, index % 3 === 0);
globalThis.gc?.();

let snapshot = '';
for await (const chunk of getHeapSnapshot().setEncoding('utf8')) snapshot += chunk;
const kept = snapshot.match(new RegExp(`${MARK} \\d+`, 'g')) ?? [];
// Names, addresses and browsers are kept: else nothing would be proven.
const known = snapshot.match(/some browser \d+/g) ?? [];
console.log(JSON.stringify({ kept: new Set(kept).size, known: new Set(known).size }));
