import * as z from 'zod/mini';
import { aBoolean, text } from '../validation/fields.js';

/** What the metrics for OpenTelemetry and for Prometheus have in common. */
export interface MetricsOptions {
  /**
   * The value of the label `lockout`, by which several lockouts of one process are told apart. A fixed word, never one from a
   * request.
   * @default 'default'
   */
  readonly name?: string | undefined;
  /**
   * Whether to count the subjects that are locked now, whenever metrics are read. Reads them from the store, up to 10,000 in pages
   * of 1,000; every process that does so counts the same ones.
   * @default false
   */
  readonly countLocked?: boolean | undefined;
}

export const DEFAULT_NAME = 'default';
export const commonFields = { name: z.optional(text), countLocked: z.optional(aBoolean) } satisfies Record<
  keyof MetricsOptions,
  z.ZodMiniType
>;

/** Accepts an object that has these methods. */
export function withMethods<T>(expected: string, ...methods: readonly string[]): z.ZodMiniType<T> {
  return z.custom<T>((value) => {
    const given = value as Readonly<Record<string, unknown>> | null | undefined;
    return methods.every((method) => typeof given?.[method] === 'function');
  }, expected);
}
