/**
 * `npm run bench:people`: a simulated day of 1,000 people under several attacks, and a year of guesses at one account; on the
 * library itself, and on models of the published rules of others. The same seed gives the same figures on every machine.
 *
 * After `--`: `--seeds 1,2,3`; `--scenario 0,A,year`; `--short` for a tenth of the people, and no year unless it is named;
 * `--policy TEXT` for the rows whose name has it; `--json FILE` for the figures of each seed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CONTENDERS } from './people/contenders.js';
import { toText } from './people/report.js';
import { SCENARIOS } from './people/scenarios.js';
import { FULL, SHORT } from './people/settings.js';
import { simulate } from './people/simulate.js';
import { SUMMED_UP, toSummary } from './people/summary.js';
import { YEAR } from './people/task.js';
import { withThreads } from './people/threads.js';
import { describeMachine } from './report.js';

const ALL = [...SCENARIOS.map(({ id }) => id), YEAR];

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    scenario: { type: 'string' },
    short: { type: 'boolean', default: false },
    policy: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

const seeds = values.seeds.split(',').map(Number);
const asked = values.scenario?.split(',') ?? ALL.filter((id) => !(values.short && id === YEAR));
const policies = CONTENDERS.map(({ name }) => name).filter((name) => name.includes(values.policy));
const unknown = asked.filter((id) => !ALL.includes(id));
if (unknown.length > 0) throw new Error(`--scenario: expected some of ${ALL.join(', ')}, got ${unknown.join(', ')}`);
if (!seeds.every(Number.isSafeInteger)) throw new Error(`--seeds: expected whole numbers, got ${values.seeds}`);
if (policies.length === 0) throw new Error(`--policy: no name has ${values.policy}`);

const settings = values.short ? SHORT : FULL;
const startedAt = performance.now();
const rows = await withThreads((run) => simulate({ policies, scenarios: asked, seeds, settings }, run));
const seconds = Math.round((performance.now() - startedAt) / 1000);

console.log(describeMachine());
console.log(`${settings.accounts} accounts; seeds ${seeds.join(', ')}; ${seconds} s\n`);
console.log(
  toText(
    rows,
    SCENARIOS.filter(({ id }) => asked.includes(id)),
  ),
);
if ([...SUMMED_UP, YEAR].every((id) => asked.includes(id))) console.log(`\nwith seed ${seeds[0]}\n${toSummary(rows)}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ seeds, settings, rows }, undefined, 2)}\n`);
