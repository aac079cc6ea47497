/** Updates with an aggregation pipeline, by MongoDB's manual. */
import { type Fields, isDocument, type Value } from './compare.js';
import { ExpressionError, evaluate, operatorOf, type Scope } from './expressions.js';

type Stage = (document: Fields, given: Value, now: Date) => Fields;

const STAGES: Readonly<Record<string, Stage>> = {
  $set: (document, given, now) => {
    if (!isDocument(given) || Object.keys(given).length === 0) throw new ExpressionError('invalid $set');
    return withFields(document, given, { root: document, now, variables: {} });
  },
  $unset: (document, given) => {
    const names = new Set([given].flat());
    return Object.fromEntries(Object.entries(document).filter(([name]) => !names.has(name)));
  },
};

export function applyPipeline(document: Fields, pipeline: readonly Fields[], now: Date): Fields {
  return pipeline.reduce((before, stage) => {
    const [[name, given] = ['', undefined], ...others] = Object.entries(stage);
    const apply = STAGES[name];
    if (!apply || others.length > 0) throw new ExpressionError(`${name} is not allowed to be used within an update`);
    return apply(before, given, now);
  }, document);
}

/** A document of expressions is merged into the one that is there; all are evaluated on the document as it was. */
function withFields(target: Fields, given: Fields, scope: Scope): Fields {
  const fields: Record<string, Value> = { ...target };
  for (const [name, expression] of Object.entries(given)) {
    if (name.includes('.')) throw new ExpressionError(`${name}: nothing is known of dotted fields here`);
    if (isDocument(expression) && !operatorOf(expression)) {
      if (Object.keys(expression).length === 0)
        throw new ExpressionError(`${name}: an empty object is not a valid value`);
      const there = fields[name];
      if (Array.isArray(there)) throw new ExpressionError(`${name}: nothing is known of lists here`);
      fields[name] = withFields(isDocument(there) ? there : {}, expression, scope);
      continue;
    }
    const value = evaluate(expression, scope);
    if (value === undefined) delete fields[name];
    else fields[name] = value;
  }
  return fields;
}
