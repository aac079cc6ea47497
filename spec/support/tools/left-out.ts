/** Specs that cannot run on this machine. `npm test` prints in its last line how many, and how to get them. */
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type Mocha from 'mocha';

/** Read by .ci/left-out.cjs; emptied by .mocharc.cjs. A file, since mocha's workers are processes of their own. */
const NOTES = fileURLToPath(new URL('../../../left-out.jsonl', import.meta.url));

/** What a machine lacks, and how to get it, as parts of a sentence. */
export interface Lack {
  readonly lack: string;
  readonly remedy: string;
}

/** Takes a suite out of the run once its specs are registered; they are counted, but not listed one by one. */
export function leaveOut(suite: Mocha.Suite, { lack, remedy }: Lack): void {
  const siblings = suite.parent?.suites ?? [];
  const index = siblings.indexOf(suite);
  if (index < 0) return;
  siblings.splice(index, 1);
  appendFileSync(NOTES, `${JSON.stringify({ specs: suite.total(), lack, remedy })}\n`);
}
