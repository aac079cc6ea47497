/** Numbers, shares and times as operators read them. Pure: the instant "now" is always an argument. */

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Shorter than this, "ago" would change while it is read. */
const JUST_NOW_MS = 5000;
/** The unit and the next smaller one, which is shown beside it. */
const UNITS = [
  [DAY_MS, 'd', HOUR_MS, 'h'],
  [HOUR_MS, 'h', MINUTE_MS, 'm'],
  [MINUTE_MS, 'm', SECOND_MS, 's'],
] as const;
const COUNT = new Intl.NumberFormat('en-US');

/** Formats a count with separators, such as `1,284`. */
export function countText(count: number): string {
  return COUNT.format(count);
}

/** Returns a count and its noun, such as `1 user` or `1,284 users`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** Returns a share as whole percent. A small share is not shown as none, nor a large one as all. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0%';
  if (part >= whole) return '100%';
  const percent = Math.round((100 * part) / whole);
  if (percent === 0) return '<1%';
  return percent === 100 ? '>99%' : `${percent}%`;
}

/** Returns how long a call took, such as `4.2 ms` or `120 ms`. */
export function latencyText(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** Returns a length of time in at most two units, such as `1 h 48 m`, `15 m` or `42 s`; rounded up, so that no lock ends late. */
export function spanText(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / SECOND_MS) * SECOND_MS;
  for (const [unit, name, part, partName] of UNITS) {
    if (seconds < unit) continue;
    // Seconds beside minutes are noise, except in the last minutes.
    const step = part === SECOND_MS && seconds >= 10 * MINUTE_MS ? MINUTE_MS : part;
    const parts = Math.ceil(seconds / step) * step;
    // Rounding up may reach the next unit: 59 m 59 s is 1 h.
    if (parts >= DAY_MS && unit === HOUR_MS) return '1 d';
    if (parts >= HOUR_MS && unit === MINUTE_MS) return '1 h';
    const rest = Math.round((parts % unit) / part);
    const first = `${Math.floor(parts / unit)} ${name}`;
    return rest === 0 ? first : `${first} ${rest} ${partName}`;
  }
  return `${seconds / SECOND_MS} s`;
}

/** Returns an instant as seen from now, such as `just now`, `5 m ago` or `in 2 h`. */
export function relativeText(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms < JUST_NOW_MS) return 'just now';
  const text = spanOf(ms);
  return at > now ? `in ${text}` : `${text} ago`;
}

/** Returns an instant as `2026-11-26 14:03:22 UTC`. */
export function utcText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Returns the time of day as `14:03`, UTC. */
export function clockText(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

/** Returns a day as `Thu 26`, UTC. */
export function dayText(at: number): string {
  const date = new Date(at);
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()]} ${date.getUTCDate()}`;
}

/** Returns the largest unit alone, rounded down: nobody needs the minutes of what was two days ago. */
function spanOf(ms: number): string {
  const [unit, name] = UNITS.find(([size]) => ms >= size) ?? [SECOND_MS, 's'];
  return `${Math.floor(ms / unit)} ${name}`;
}
