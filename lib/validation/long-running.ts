/** Options of work that may take minutes: it reports progress and can be stopped between two batches. */
import * as z from 'zod/mini';
import { aFunction } from './fields.js';

/** Options of calls that may run long: they can be aborted, and report their progress. */
export interface LongRunningOptions {
  /** Once aborted, nothing more is started; the result covers what was done until then. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the count so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export const longRunningFields = {
  signal: z.optional(z.instanceof(AbortSignal, { message: 'an AbortSignal' })),
  onProgress: z.optional(aFunction('of the count so far')),
} satisfies Record<keyof LongRunningOptions, z.ZodMiniType>;

/**
 * Reports progress. The work ends if `onProgress` throws or rejects.
 *
 * @returns whether to continue
 */
export async function reportProgress({ signal, onProgress }: LongRunningOptions, done: number): Promise<boolean> {
  // An async function has this type, too.
  await (onProgress?.(done) as unknown);
  return !signal?.aborted;
}
