/** One comparison: measured, set in relation, and judged. */
import { type Judged, judge } from './bounds.js';
import { type Figure, measureField } from './measure.js';
import { type Ratio, toRatios } from './ratios.js';
import type { Settings } from './settings.js';
import type { WithField } from './stores/field.js';
import { withMemory } from './stores/memory.js';
import { withMongo } from './stores/mongo.js';
import { withRedis } from './stores/redis.js';

/** What can be measured; a further store has its line here, its contenders in a file, and its bounds in bounds.ts. */
const FIELDS: Readonly<Record<string, WithField>> = { memory: withMemory, redis: withRedis, mongo: withMongo };
export const STORES = Object.keys(FIELDS);

export interface Comparison {
  readonly stores: readonly { readonly store: string; readonly description: string }[];
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
  readonly judged: readonly Judged[];
}

export async function compare(
  stores: readonly string[],
  settings: Readonly<Record<string, Settings>>,
  progress?: (text: string) => void,
): Promise<Comparison> {
  const measured: Figure[] = [];
  const descriptions: { store: string; description: string }[] = [];
  for (const store of stores) {
    const withField = FIELDS[store];
    const own = settings[store];
    if (!withField || !own) throw new Error(`expected one of the stores ${STORES.join(', ')}, got ${store}`);
    await withField(async (field) => {
      descriptions.push({ store, description: field.description });
      measured.push(...(await measureField(field, own, progress)));
    });
  }
  const ratios = toRatios(measured);
  return { stores: descriptions, figures: measured, ratios, judged: judge(measured, ratios) };
}
