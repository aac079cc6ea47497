/** The same for django-axes and django-defender: `bench/parallel/django_logins.py`, in a Python environment of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AT_ONCE, LIMIT, type Outcome, VERIFY_MS } from './measure.js';

const ENVIRONMENT = join('.build', 'bench-django');
const PYTHON = join(ENVIRONMENT, 'bin', 'python');
const PACKAGES = ['Django==5.2.19', 'django-axes==8.3.1', 'django-defender==0.9.8', 'psycopg[binary]==3.3.9'];
/** Each in a process of its own, as a lockout is part of Django's settings. */
const SYSTEMS = ['axes', 'defender'];

export async function measureDjango(redisUrl: string, runs: number): Promise<readonly Outcome[]> {
  await run('python3', ['-m', 'venv', ENVIRONMENT]);
  await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  const outcomes: Outcome[] = [];
  for (const system of SYSTEMS) {
    const given = [system, redisUrl, runs, AT_ONCE, LIMIT, VERIFY_MS].map(String);
    outcomes.push(JSON.parse(await run(PYTHON, [join('bench', 'parallel', 'django_logins.py'), ...given])) as Outcome);
  }
  return outcomes;
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return output;
}
