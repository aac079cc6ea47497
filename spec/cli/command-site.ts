/** The command on a real server, beside a lockout on the same records. */
import { Lockout } from '../../lib/index.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { PATIENT } from '../support/stores/patient.js';
import { Cli, type CliResult } from '../support/tools/cli.js';

export const ADDRESS = '203.0.113.9';
export const AT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

const printed = (code: number, lines: readonly string[]): CliResult => ({
  code,
  stdout: lines.map((line) => `${line}\n`).join(''),
  stderr: '',
});
export const found = (...lines: string[]): CliResult => printed(0, lines);
export const nothing = (...lines: string[]): CliResult => printed(1, lines);

export class CommandSite {
  readonly database: MongoDatabase;
  readonly lockout: Lockout;
  readonly cli: Cli;

  constructor(database: MongoDatabase) {
    this.database = database;
    this.cli = new Cli({ MONGODB_URI: database.uri });
    this.lockout = new Lockout({
      ...PATIENT,
      store: database.store(),
      attemptLog: 'await',
      // The records are removed behind its back.
      lockCacheTtl: { seconds: 0 },
      dimensions: ['username', 'ip', ['ip', 'username']],
    });
  }

  async fail(username: string, times = 1, ip = ADDRESS): Promise<void> {
    for (let index = 0; index < times; index += 1)
      await this.lockout.protect({ username, ip, action: 'local' }, () => false);
  }

  async run(...args: string[]): Promise<CliResult> {
    const result = await this.cli.run(args);
    return { ...result, stdout: result.stdout.replace(AT, 'TIME') };
  }

  async keys(): Promise<string[]> {
    return (await this.lockout.list({ locked: false })).items.map(({ key }) => key);
  }

  async close(): Promise<void> {
    await this.lockout.close();
    await this.database.drop();
  }
}

/** @param body - receives the site once its tests run */
export function describeCommand(body: (site: () => CommandSite) => void): void {
  describeMongo('passport-lockout', function () {
    this.timeout(60_000);

    let site: CommandSite;
    before(async () => {
      site = new CommandSite(await MongoDatabase.create());
    });
    beforeEach(() => site.database.clear());
    after(() => site.close());

    body(() => site);
  });
}
