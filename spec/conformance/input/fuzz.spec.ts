/** Anything at all, given to every public function and to the command: only documented errors, no slot lost, no secret shown. */
import fc from 'fast-check';
import { atDepth } from '../../support/tools/depth.js';
import { aCall, aCommandLine, holdsFor, holdsForCommand, withoutUnhandled } from './property.js';

/** FC_RUNS=<number> searches longer, FC_SEED=<number> repeats a search. */
const { FC_RUNS, FC_SEED } = process.env;
const RUNS = {
  numRuns: Number(FC_RUNS ?? atDepth({ quick: 500, deep: 10_000 })),
  ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
};

describe('Any value', () => {
  it('X41 X35 passed to a public function is accepted, or rejected with a documented error', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(aCall, ([name, args]) => withoutUnhandled(() => holdsFor(name, args))),
      RUNS,
    );
  });

  it('X41 X35 passed to the command ends it with its exit code, on lines that no name can forge', async function () {
    this.timeout(0);
    await fc.assert(
      fc.asyncProperty(aCommandLine, ([command, args, input]) =>
        withoutUnhandled(() => holdsForCommand(command, args, input)),
      ),
      RUNS,
    );
  });
});
