/** What may take minutes: told how far it is, and stopped between two batches. */
import * as z from 'zod';
import { aFunction } from './fields.js';

export interface LongRunningOptions {
  /** Once aborted, nothing more is begun; the answer tells what was done until then. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the count so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export const longRunningFields = {
  signal: z.instanceof(AbortSignal, { message: 'an AbortSignal' }).optional(),
  onProgress: aFunction('of the count so far').optional(),
} satisfies Record<keyof LongRunningOptions, z.ZodType>;

/**
 * What `onProgress` throws, or rejects with, ends the work.
 *
 * @returns whether to go on
 */
export async function reportProgress({ signal, onProgress }: LongRunningOptions, done: number): Promise<boolean> {
  // An async function is a function of this type, too.
  await (onProgress?.(done) as unknown);
  return !signal?.aborted;
}
