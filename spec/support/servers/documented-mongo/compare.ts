/** The order of values, by "Comparison/Sort Order" of MongoDB's manual: by type first, a missing value before null. */
import mongoose from 'mongoose';

const { ObjectId, Binary } = mongoose.mongo;

export type Value = unknown;
export type Fields = Readonly<Record<string, Value>>;

export function isNil(value: Value): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether it is an embedded document, as opposed to any other object of BSON. */
export function isDocument(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function compare(a: Value, b: Value): number {
  const order = orderOf(a) - orderOf(b);
  if (order !== 0) return order;
  if (Array.isArray(a) && Array.isArray(b)) return compareAll(a, b);
  if (isDocument(a) && isDocument(b)) return compareDocuments(a, b);
  return compareScalars(a, b);
}

function orderOf(value: Value): number {
  if (value === undefined) return 0;
  if (value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (Array.isArray(value)) return 5;
  if (value instanceof Binary) return 6;
  if (value instanceof ObjectId) return 7;
  if (typeof value === 'boolean') return 8;
  if (value instanceof Date) return 9;
  if (isDocument(value)) return 4;
  throw new TypeError(`no order is known of ${String(value)}`);
}

function compareAll(a: readonly Value[], b: readonly Value[]): number {
  for (const [index, value] of a.entries()) {
    if (index >= b.length) break;
    const order = compare(value, b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Field by field: by type, by name, by value. */
function compareDocuments(a: Fields, b: Fields): number {
  const toKeys = (document: Fields) =>
    Object.entries(document).flatMap(([name, value]) => [orderOf(value), name, value]);
  return compareAll(toKeys(a), toKeys(b));
}

/** Strings by UTF-16, as mingo compares them in filters, and not by UTF-8: that differs beyond the basic plane only. */
function compareScalars(a: Value, b: Value): number {
  const [x, y] = [toScalar(a), toScalar(b)];
  if (x < y) return -1;
  return x > y ? 1 : 0;
}

function toScalar(value: Value): number | string {
  if (value instanceof Date) return value.getTime();
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Binary) return value.toString('hex');
  if (typeof value === 'number' || typeof value === 'string') return value;
  return Number(value ?? 0);
}
