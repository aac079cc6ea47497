/** Shows what is stored about the known devices of users, and revokes them. */
import type { Command } from 'commander';
import { ENGINE } from '../../lockout.js';
import { SHOWN_KEYS } from '../../operator/dry-run.js';
import { queriedParts } from '../../operator/find-subject.js';
import { type ActorFlags, actor, BY, REASON } from '../actor.js';
import { type Context, changing, reading, type Surroundings } from '../command.js';
import { EXIT, type ExitCode } from '../exit.js';
import { explain } from '../help.js';
import { lockEnd } from '../lock-end.js';
import { forEach, runLong } from '../long-task.js';
import { plural } from '../output.js';
import { type DryRunOption, dryRunText } from '../preview-text.js';

interface RevokeOptions extends ActorFlags, DryRunOption {}

export function addDevicesCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('devices'), {
    summary: "Show what is stored about a user's known devices",
    details: 'A device that never failed leaves nothing in the store, so it is not listed.',
    examples: ['passport-lockout devices alice', 'passport-lockout devices alice --json'],
    section: 'known-devices',
  })
    .argument('<username>', 'The user')
    .action(reading<[string], object>(surroundings, devices));
}

export function addRevokeDevicesCommand(program: Command, surroundings: Surroundings): void {
  explain(program.command('revoke-devices'), {
    summary: "Make users' known devices unknown again",
    details: 'They are known again after their next login. Logs nobody out: sessions are not touched.',
    examples: ['passport-lockout revoke-devices alice', 'passport-lockout revoke-devices alice bob --dry-run'],
    section: 'known-devices',
  })
    .argument('<username...>', 'Users whose devices to revoke')
    .option(...REASON)
    .option(...BY)
    .option('--dry-run', 'Print whose devices would be revoked, and change nothing')
    .action(changing<[readonly string[]], RevokeOptions>(surroundings, revoke));
}

async function devices({ lockout, output }: Context, _options: object, name: string): Promise<ExitCode> {
  const found = await lockout.devices(name);
  const { username, revokedAt } = found;
  const exitCode = revokedAt || found.devices.length > 0 ? EXIT.done : EXIT.nothing;
  if (output.isJson) {
    output.row([], found);
    return exitCode;
  }
  if (exitCode === EXIT.nothing) {
    output.result(`Nothing is stored about the known devices of ${username}.`, null);
    return exitCode;
  }
  output.row(['revoked', revokedAt?.toISOString() ?? null], null);
  output.endRows();
  output.heading(['device', 'failures', 'locked until', 'last failure']);
  for (const device of found.devices) {
    const { key, failures, locked, lastFailureAt } = device;
    output.row([key, failures, locked ? lockEnd(device) : null, lastFailureAt?.toISOString() ?? null], null);
  }
  return exitCode;
}

/** Every name is checked before the first one's devices are revoked. */
async function revoke(
  { lockout, output }: Context,
  options: RevokeOptions,
  texts: readonly string[],
): Promise<ExitCode> {
  const names = new Map<string, string>();
  for (const text of texts) {
    const { username = '' } = queriedParts(lockout[ENGINE].options, { username: text }, ['username']);
    names.set(username, text);
  }
  if (options.dryRun) {
    // Throws without known devices, as revoking does.
    for (const name of names.values()) await lockout.devices(name);
    const shown = [...names.keys()].slice(0, SHOWN_KEYS);
    output.answer(dryRunText(`devices of ${plural(names.size, 'user')} to revoke`, shown, names.size), {
      users: names.size,
      dryRun: true,
    });
    return EXIT.done;
  }
  const wereRevoked = (count: number) => `Devices of ${plural(count, 'user')} revoked`;
  return runLong(output, wereRevoked, async (long) => {
    const done = await forEach(
      [...names.values()],
      (username) => lockout.revokeDevices({ username, ...actor(options) }),
      long,
    );
    output.result(`${wereRevoked(done.length)}.`, { users: done.length });
    return EXIT.done;
  });
}
