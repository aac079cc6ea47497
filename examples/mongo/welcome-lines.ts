/** What is printed at the start: what to try. */
import { userLines } from '../express/welcome-lines.js';
import { PREFIX } from './prefix.js';

export function printWhatToTry(url: string, workers: number): void {
  console.log(`
The MongoDB example of passport-lockout listens on ${url}: ${workers} processes behind one port, one lockout.

Users and passwords:
${userLines()}

Whichever worker answers, the third wrong password locks; the event is printed once, by the worker that counted it:

  for try in 1 2 3 4 5 6; do curl -sD - -o /dev/null -d 'username=alice&password=wrong' ${url}/login | grep -iE '^(HTTP|Retry-After|X-Answered-By)'; done

Then alice's right password is refused as well, whichever worker answers:

  curl -s -d 'username=alice&password=wonderland' ${url}/login | grep alert

Sixty at once, and still only three are verified (the others are answered with 429):

  for try in $(seq 60); do curl -so /dev/null -w '%{http_code}\\n' -d 'username=bob&password=wrong' ${url}/login & done | sort | uniq -c

Locks outlive the example: stop it (Ctrl+C), start it again, and alice is still locked. To forget it all, drop the
collections ${PREFIX}lockouts and ${PREFIX}lockout_attempts.
`);
}
