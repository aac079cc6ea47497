/** Looks for mistakes in the options of an application and in its store. */
import type { Command } from 'commander';
import { checkStore } from '../../checks/check-store.js';
import type { Finding } from '../../checks/finding.js';
import { toTold } from '../../events/emitter.js';
import { ENGINE } from '../../lockout.js';
import { ask } from '../../operator/each-record.js';
import { type Context, reading, type Surroundings } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';
import type { Output } from '../output.js';

const UNSEEN =
  'this process sees no logins: what only logins reveal, such as a proxy that is not trusted, is found by the application ' +
  "(event 'warning', or check() within it)";
const NOT_PRODUCTION = 'NODE_ENV is not production: checks that matter only in production are skipped';

export function addCheckCommands(program: Command, surroundings: Surroundings): void {
  explain(program.command('check'), {
    summary: "Find mistakes in the application's options and store",
    details: 'Exits with 1 if there are any.',
    examples: ['NODE_ENV=production passport-lockout check --app ./dist/lockout.js'],
    section: 'looking-for-mistakes',
  }).action(
    reading<[], object>(surroundings, (context) => check(context, surroundings.env['NODE_ENV'] === 'production')),
  );
  explain(program.command('doctor'), {
    summary: "Show the store's server, sizes, indexes and clock",
    details: 'Exits with 1 if something is wrong with it.',
    examples: ['passport-lockout doctor', 'passport-lockout doctor --json'],
    section: 'looking-for-mistakes',
  }).action(reading<[], object>(surroundings, doctor));
}

async function check({ lockout, isApp, output }: Context, isProduction: boolean): Promise<ExitCode> {
  if (!isApp) {
    const message = 'check needs the options of an application: give --app <module>; doctor checks the store alone';
    throw new CliError(EXIT.usage, message);
  }
  output.note(isProduction ? UNSEEN : `${UNSEEN}; ${NOT_PRODUCTION}`);
  const findings = await lockout.check();
  if (findings.length === 0 && !output.isJson) output.result('No findings.', null);
  return report(output, findings.map(toTold));
}

async function doctor({ lockout, output }: Context): Promise<ExitCode> {
  const engine = lockout[ENGINE];
  const inspection = await ask(engine, 'inspect', async (store) => (await store.inspect?.()) ?? null);
  if (!inspection) throw new CliError(EXIT.usage, 'this store cannot be inspected');
  const { server, subjects, attempts, missingIndexes, clockSkewMs } = inspection;
  const findings = checkStore(inspection);
  if (output.isJson) {
    output.result('', { ...inspection, findings });
    return findings.length === 0 ? EXIT.done : EXIT.nothing;
  }
  output.row(['server', server], null);
  output.row(['subjects', subjects], null);
  output.row(['log entries', attempts], null);
  output.row(['indexes', missingIndexes.length === 0 ? 'complete' : `missing: ${missingIndexes.join(', ')}`], null);
  output.row(['clock skew', `${Math.round(clockSkewMs)} ms`], null);
  output.endRows();
  return report(output, findings.map(toTold));
}

function report(output: Output, findings: readonly Finding[]): ExitCode {
  for (const { code, message, ...rest } of findings) output.row([code, message, rest.help], { code, message, ...rest });
  return findings.length === 0 ? EXIT.done : EXIT.nothing;
}
