/** A store that lists by scanning, as one on Redis does: without an order, with empty pages between, and some records twice. */
import { createHash } from 'node:crypto';
import { MemoryStore, type StorePage, type StoreQuery } from '../../../lib/index.js';
import { wrongCursor } from '../../../lib/validation/wrong-cursor.js';

const CURSOR = /^scan:(\d+):(\w+)$/;
const START = 'scan:0:0';
const EVERYTHING = 1_000_000;

export class ScanningStore extends MemoryStore {
  override list(query: StoreQuery): StorePage {
    if (query.order !== undefined) return super.list(query);
    const [, turn, after] = CURSOR.exec(query.cursor ?? START) ?? [];
    if (turn === undefined || after === undefined) throw wrongCursor(query.cursor);
    const next = Number(turn) + 1;
    if (next % 2 === 0) return { records: [], cursor: `scan:${next}:${after}` };
    const { records } = super.list({ ...query, cursor: null, limit: EVERYTHING });
    const scattered = records
      .map((record) => ({ at: createHash('sha256').update(record.key).digest('hex'), record }))
      .filter(({ at }) => at > after)
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .slice(0, Math.max(1, Math.floor(query.limit / 2)));
    const last = scattered.at(-1);
    if (last === undefined) return { records: [], cursor: null };
    const page = scattered.map(({ record }) => record);
    return {
      records: [...page, ...page].slice(0, Math.min(query.limit, page.length + 1)),
      cursor: `scan:${next}:${last.at}`,
    };
  }
}
