/** Resolves the `dimensions` option. */
import { type CountedDimensions, dynamicDimensions, listedDimensions } from '../subject/counted-dimensions.js';
import { validateOptions } from '../validation/validate.js';
import { dimensionsSchema } from './dimension-schemas.js';
import type { LockoutOptions } from './types.js';

export function resolveDimensions(input: LockoutOptions['dimensions'] = ['username', 'ip']): CountedDimensions {
  if (typeof input !== 'function') return listedDimensions(input);
  return dynamicDimensions(input, (returned) =>
    validateOptions(dimensionsSchema, returned, 'the list returned by options.dimensions'),
  );
}
