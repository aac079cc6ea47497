/** Says in one sentence which specs the last run of mocha left out, and how to get them; nothing where all of them ran. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const NOTES = join(__dirname, '..', '.build', 'left-out.jsonl');

function readNotes() {
  try {
    return readFileSync(NOTES, 'utf8').trimEnd().split('\n').map(JSON.parse);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

const counts = new Map();
for (const { specs, lack, remedy } of readNotes()) {
  const what = `for want of ${lack} (${remedy})`;
  counts.set(what, (counts.get(what) ?? 0) + specs);
}
const parts = [...counts].map(([what, specs]) => `${specs} ${what}`);
if (parts.length > 0) console.log(`Specs left out: ${parts.join(', ')}.`);
