/** `npm run example NAME`: runs a copy of the example until it ends or is ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ExampleCopy, exampleNames } from './example-copy.js';

const [, , name = ''] = process.argv;
if (exampleNames().includes(name)) await run();
else fail();

async function run(): Promise<void> {
  const copy = await ExampleCopy.create(name);
  const child = spawn(process.execPath, copy.args, { cwd: copy.folder, stdio: 'inherit' });
  // Ctrl+C reaches the example by itself, with everything else on the terminal.
  process.on('SIGINT', () => {});
  // Again and again, as npm passes on what the whole group has been sent: the copy is to be removed in any case.
  process.on('SIGTERM', () => child.killed || child.kill());
  const [code] = await once(child, 'close');
  await copy.remove();
  process.exitCode = code ?? 0;
}

function fail(): void {
  console.error(`Which example? npm run example ${exampleNames().join('|')}`);
  process.exitCode = 1;
}
