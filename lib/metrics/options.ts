import * as z from 'zod';
import { text } from '../validation/fields.js';

export interface MetricsOptions {
  /**
   * The value of the label `lockout`, by which several lockouts of one process are told apart. A fixed word, never one from a
   * request.
   * @default 'default'
   */
  readonly name?: string | undefined;
}

export const DEFAULT_NAME = 'default';
export const nameField = text.optional();

/** Accepts an object that has these methods. */
export function withMethods<T>(expected: string, ...methods: readonly string[]): z.ZodType<T> {
  return z.custom<T>((value) => {
    const given = value as Readonly<Record<string, unknown>> | null | undefined;
    return methods.every((method) => typeof given?.[method] === 'function');
  }, expected);
}
