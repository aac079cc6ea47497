/** The server's answer to INFO: lines of `name:value`, and headings. */
export type Info = ReadonlyMap<string, string>;

export function parseInfo(text: string): Info {
  const info = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) info.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  return info;
}

/** Returns 0 for what the server does not report. */
export function numberOf(info: Info, name: string): number {
  const value = Number(info.get(name));
  return Number.isFinite(value) ? value : 0;
}

/** Returns such as `Redis 7.0.15` or `Valkey 8.0.1`. */
export function serverOf(info: Info): string {
  const valkey = info.get('valkey_version');
  return valkey === undefined ? `Redis ${info.get('redis_version') ?? 'of unknown version'}` : `Valkey ${valkey}`;
}
