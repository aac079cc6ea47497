/** The built-in page of a refused login, and its text. */
import type { LockedInfo } from '../options/types.js';

export function builtInPage(locked: LockedInfo): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Login refused</title></head>
<body><main><h1>Login refused</h1><p>${escapeHtml(sentences(locked))}</p></main></body>
</html>
`;
}

export function sentences({ message, retryAfter }: LockedInfo): string {
  return retryAfter === null ? message : `${message} Time left: ${timeLeft(retryAfter)}.`;
}

/** In the largest unit that is at least 1, rounded up, so that nobody comes back too early. */
function timeLeft(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [name, size] = units.find(([, unit]) => seconds >= unit) ?? (['second', 1] as const);
  const count = Math.ceil(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
