/** The aggregation expressions that we use, by MongoDB's manual. Strict: what is not known, or what MongoDB refuses, is an error. */
import { compare, type Fields, isDocument, isNil, type Value } from './compare.js';

/** What an expression is evaluated with. */
export interface Scope {
  readonly root: Fields;
  readonly now: Date;
  readonly variables: Fields;
}

type Operator = (given: Value, scope: Scope, name: string) => Value;

export class ExpressionError extends Error {}

export function evaluate(expression: Value, scope: Scope): Value {
  if (typeof expression === 'string') return expression.startsWith('$') ? evaluatePath(expression, scope) : expression;
  if (Array.isArray(expression)) return expression.map((item) => evaluate(item, scope) ?? null);
  if (!isDocument(expression)) return expression;
  const operator = operatorOf(expression);
  if (operator) return operator.apply(operator.given, scope, operator.name);
  const values = Object.entries(expression).map(([name, value]) => [name, evaluate(value, scope)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** Returns undefined for a document of expressions. */
export function operatorOf(
  expression: Fields,
): { readonly name: string; readonly given: Value; readonly apply: Operator } | undefined {
  const names = Object.keys(expression);
  const name = names.find((key) => key.startsWith('$'));
  if (name === undefined) return undefined;
  const apply = OPERATORS[name];
  if (names.length > 1 || !apply) throw new ExpressionError(`Unrecognized expression '${names.join(', ')}'`);
  return { name, given: expression[name], apply };
}

export function isTrue(value: Value): boolean {
  return !isNil(value) && value !== false && value !== 0;
}

function evaluatePath(path: string, { root, now, variables }: Scope): Value {
  if (!path.startsWith('$$')) return valueAt(root, path.slice(1).split('.'));
  const [name = '', ...fields] = path.slice(2).split('.');
  if (name === 'NOW') return now;
  if (name === 'ROOT') return valueAt(root, fields);
  if (name === 'REMOVE') return undefined;
  if (!Object.hasOwn(variables, name)) throw new ExpressionError(`Use of undefined variable: ${name}`);
  return valueAt(variables[name], fields);
}

/** Of a list, the values that its documents have; lists in it are passed over. */
function valueAt(value: Value, fields: readonly string[]): Value {
  const [field, ...others] = fields;
  if (field === undefined) return value;
  if (Array.isArray(value)) {
    const documents = value.filter(isDocument);
    return documents.map((item) => valueAt(item, fields)).filter((item) => item !== undefined);
  }
  return isDocument(value) && Object.hasOwn(value, field) ? valueAt(value[field], others) : undefined;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  $literal: (given) => given,
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $and: (given, scope) => toList(given).every((item) => isTrue(evaluate(item, scope))),
  $or: (given, scope) => toList(given).some((item) => isTrue(evaluate(item, scope))),
  $not: (given, scope, name) => !isTrue(evaluate(only(given, name), scope)),
  $cond: (given, scope, name) => {
    const [condition, then, otherwise] = exactly(3, given, name);
    return evaluate(isTrue(evaluate(condition, scope)) ? then : otherwise, scope);
  },
  $ifNull: (given, scope, name) => {
    const values = toList(given);
    if (values.length < 2) throw new ExpressionError(`${name} needs at least two arguments`);
    let value: Value;
    for (const item of values) {
      value = evaluate(item, scope);
      if (!isNil(value)) break;
    }
    return value;
  },
  $max: (given, scope) => extreme(spread(given, scope), 1),
  $min: (given, scope) => extreme(spread(given, scope), -1),
  $sum: (given, scope) => spread(given, scope).reduce<number>((sum, item) => sum + (isNumber(item) ? item : 0), 0),
  $add: (given, scope, name) => add(evaluateAll(toList(given), scope), name),
  $subtract: (given, scope, name) => subtract(evaluateAll(exactly(2, given, name), scope), name),
  $in: (given, scope, name) => {
    const [value, list] = evaluateAll(exactly(2, given, name), scope);
    return arrayOf(list, name).some((item) => compare(item, value) === 0);
  },
  $size: (given, scope, name) => arrayOf(evaluate(only(given, name), scope), name).length,
  $concatArrays: (given, scope, name) => {
    const lists = evaluateAll(toList(given), scope);
    return lists.some(isNil) ? null : lists.flatMap((list) => arrayOf(list, name));
  },
  $filter: (given, scope, name) => {
    const { input, as = 'this', cond } = fieldsOf(given, ['input', 'as', 'cond'], name);
    const list = evaluate(input, scope);
    if (isNil(list)) return null;
    return arrayOf(list, name).filter((item) => isTrue(evaluate(cond, withVariable(scope, as, item))));
  },
  $map: (given, scope, name) => {
    const { input, as = 'this', in: each } = fieldsOf(given, ['input', 'as', 'in'], name);
    const list = evaluate(input, scope);
    if (isNil(list)) return null;
    return arrayOf(list, name).map((item) => evaluate(each, withVariable(scope, as, item)) ?? null);
  },
  $arrayElemAt: (given, scope, name) => {
    const [list, index] = evaluateAll(exactly(2, given, name), scope);
    return isNil(list) || isNil(index) ? null : arrayOf(list, name).at(integerOf(index, name));
  },
  $indexOfArray: (given, scope, name) => {
    const [list, value] = evaluateAll(exactly(2, given, name), scope);
    return isNil(list) ? null : arrayOf(list, name).findIndex((item) => compare(item, value) === 0);
  },
  $slice: (given, scope, name) => {
    const [list, count] = evaluateAll(exactly(2, given, name), scope);
    if (isNil(list) || isNil(count)) return null;
    const most = integerOf(count, name);
    return most < 0 ? arrayOf(list, name).slice(most) : arrayOf(list, name).slice(0, most);
  },
  $range: (given, scope, name) => {
    const [start, end] = evaluateAll(exactly(2, given, name), scope).map((bound) => integerOf(bound, name));
    return Array.from({ length: Math.max(0, Number(end) - Number(start)) }, (_, index) => Number(start) + index);
  },
  $split: (given, scope, name) => {
    const [text, separator] = evaluateAll(exactly(2, given, name), scope);
    if (isNil(text)) return null;
    if (typeof text !== 'string' || typeof separator !== 'string')
      throw new ExpressionError(`${name} requires strings`);
    return text.split(separator);
  },
  $setUnion: (given, scope, name) => {
    const lists = evaluateAll(toList(given), scope);
    if (lists.some(isNil)) return null;
    const union: Value[] = [];
    for (const item of lists.flatMap((list) => arrayOf(list, name)))
      if (!union.some((other) => compare(other, item) === 0)) union.push(item);
    return union;
  },
  $mergeObjects: (given, scope, name) => {
    const documents = evaluateAll(toList(given), scope).filter((document) => !isNil(document));
    if (!documents.every(isDocument)) throw new ExpressionError(`${name} requires object inputs`);
    return Object.assign({}, ...documents) as Fields;
  },
};

function comparison(holds: (order: number) => boolean): Operator {
  return (given, scope, name) => {
    const [a, b] = evaluateAll(exactly(2, given, name), scope);
    return holds(compare(a, b));
  };
}

function add(values: readonly Value[], name: string): Value {
  const dates = values.filter((value) => value instanceof Date);
  if (dates.length > 1) throw new ExpressionError(`only one date allowed in an ${name} expression`);
  let sum = 0;
  for (const value of values) {
    if (!(isNil(value) || isNumber(value) || value instanceof Date)) {
      throw new ExpressionError(`${name} only supports numeric or date types, not ${typeof value}`);
    }
    sum += Number(value);
  }
  if (values.some(isNil)) return null;
  return dates.length > 0 ? new Date(sum) : sum;
}

function subtract([a, b]: readonly Value[], name: string): Value {
  if (isNil(a) || isNil(b)) return null;
  if (isNumber(a) && isNumber(b)) return a - b;
  if (a instanceof Date && isNumber(b)) return new Date(a.getTime() - b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  throw new ExpressionError(`can't ${name} ${typeof b} from ${typeof a}`);
}

/** Ignores null and missing values. */
function extreme(values: readonly Value[], sign: number): Value {
  const candidates = values.filter((value) => !isNil(value));
  return candidates.reduce<Value>((best, value) => {
    return best === null || sign * compare(value, best) > 0 ? value : best;
  }, null);
}

/** A single list is taken apart, one of several is a value. */
function spread(given: Value, scope: Scope): readonly Value[] {
  if (Array.isArray(given) && given.length !== 1) return evaluateAll(given, scope);
  const value = evaluate(Array.isArray(given) ? given[0] : given, scope);
  return Array.isArray(value) ? value : [value];
}

function evaluateAll(expressions: readonly Value[], scope: Scope): readonly Value[] {
  return expressions.map((expression) => evaluate(expression, scope));
}

function withVariable(scope: Scope, name: Value, value: Value): Scope {
  if (typeof name !== 'string' || !/^[a-z]\w*$/.test(name)) throw new ExpressionError(`no variable: ${String(name)}`);
  return { ...scope, variables: { ...scope.variables, [name]: value } };
}

const isNumber = (value: Value) => typeof value === 'number';
const toList = (given: Value): readonly Value[] => (Array.isArray(given) ? given : [given]);

function exactly(count: number, given: Value, name: string): readonly Value[] {
  const values = toList(given);
  if (values.length === count) return values;
  throw new ExpressionError(`Expression ${name} takes exactly ${count} arguments. ${values.length} were passed in.`);
}

function only(given: Value, name: string): Value {
  return exactly(1, given, name)[0];
}

function arrayOf(value: Value, name: string): readonly Value[] {
  if (Array.isArray(value)) return value;
  throw new ExpressionError(`${name} requires an array, found: ${value === undefined ? 'missing' : String(value)}`);
}

function integerOf(value: Value, name: string): number {
  if (isNumber(value) && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  throw new ExpressionError(`${name} requires a 32-bit integer, found: ${String(value)}`);
}

function fieldsOf(given: Value, names: readonly string[], operator: string): Fields {
  if (isDocument(given) && Object.keys(given).every((name) => names.includes(name))) return given;
  throw new ExpressionError(`Unrecognized parameter to ${operator}`);
}
