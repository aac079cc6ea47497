import { LockoutError } from '../errors.js';
import { ENGINE, type Lockout } from '../lockout.js';

/**
 * Returns how many subjects of each dimension are locked now, as `lockout.countLocked` counts them.
 *
 * @returns nothing counted if the store fails, which is published and measured as an error of the store
 */
export async function countLocked(lockout: Lockout): Promise<ReadonlyMap<string, number>> {
  const dimensions = lockout[ENGINE].options.dimensions.known();
  try {
    const counts = await Promise.all(
      dimensions.map(async ({ name }) => [name, (await lockout.countLocked({ dimension: name })).count] as const),
    );
    return new Map(counts.filter(([, count]) => count > 0));
  } catch (error) {
    if (!(error instanceof LockoutError)) throw error;
    return new Map();
  }
}
