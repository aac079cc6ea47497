/** Prints at the start what to try. */
import { demoPasswords } from './users.js';

export function printWhatToTry(url: string): void {
  console.log(`
The login example of passport-lockout listens on ${url}

Users and passwords:
${userLines()}

In a browser: open ${url} and log in as alice, press the button that has 10,000 addresses guess, and log in again: your
browser is known. A private window is refused.
On the command line, with different wrong passwords, as the same one is counted only once:

  for try in 1 2 3 4; do curl -sD - -o /dev/null -d "username=alice&password=wrong$try" ${url}/login | grep -iE '^(HTTP|Retry-After)'; done

Then alice's right password is refused too, for a stranger such as curl, with the time left, while bob can log in:

  curl -s -d 'username=alice&password=wonderland' ${url}/login | grep alert
  curl -s -d 'username=bob&password=can we fix it' ${url}/login | grep h1

Restart the example to forget everything (Ctrl+C stops it).
`);
}

function userLines(): string {
  return Object.entries(demoPasswords)
    .map(([username, password]) => `  ${username} / ${password}`)
    .join('\n');
}
