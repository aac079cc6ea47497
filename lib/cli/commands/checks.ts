/** Looking for mistakes: in the options of an application, and in the store. */
import type { Command } from 'commander';
import { checkStore } from '../../checks/check-store.js';
import type { Finding } from '../../checks/finding.js';
import { toTold } from '../../events/emitter.js';
import { ENGINE } from '../../lockout.js';
import { ask } from '../../operator/each-record.js';
import { type Context, type Surroundings, withLockout } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import type { Output } from '../output.js';

export function addCheckCommands(program: Command, surroundings: Surroundings): void {
  program
    .command('check')
    .description('look for mistakes in the options of --app, and in its store; ends with 1 if there are any')
    .action(withLockout<[], object>(surroundings, check));
  program
    .command('doctor')
    .description('what the store says of itself: server, sizes, indexes, clock; ends with 1 if something is wrong')
    .action(withLockout<[], object>(surroundings, doctor));
}

async function check({ lockout, isApp, output }: Context): Promise<ExitCode> {
  if (!isApp) throw new CliError(EXIT.usage, 'check needs the options of an application: give --app <module>');
  const findings = await lockout.check();
  if (findings.length === 0 && !output.isJson) output.result('No findings.', null);
  return report(output, findings.map(toTold));
}

async function doctor({ lockout, output }: Context): Promise<ExitCode> {
  const engine = lockout[ENGINE];
  const inspection = await ask(engine, 'inspect', async (store) => (await store.inspect?.()) ?? null);
  if (!inspection) throw new CliError(EXIT.usage, 'this store cannot tell anything of itself');
  const { server, subjects, attempts, missingIndexes, clockSkewMs } = inspection;
  const findings = checkStore(inspection);
  if (output.isJson) {
    output.result('', { ...inspection, findings });
    return findings.length === 0 ? EXIT.done : EXIT.nothing;
  }
  output.row(['server', server], null);
  output.row(['subjects', subjects], null);
  output.row(['log entries', attempts], null);
  output.row(['indexes', missingIndexes.length === 0 ? 'all there' : `missing: ${missingIndexes.join(', ')}`], null);
  output.row(['clock skew', `${Math.round(clockSkewMs)} ms`], null);
  return report(output, findings.map(toTold));
}

function report(output: Output, findings: readonly Finding[]): ExitCode {
  for (const { code, message, ...rest } of findings) output.row([code, message, rest.help], { code, message, ...rest });
  return findings.length === 0 ? EXIT.done : EXIT.nothing;
}
