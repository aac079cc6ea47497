/** A thread that steps through one login of the main thread and counts the most of our frames on the stack at once. */
import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';

interface Paused {
  readonly params: {
    readonly callFrames: readonly { readonly location: { readonly scriptId: string }; readonly functionName: string }[];
  };
}

const ours = workerData as string;
const session = new Session();
session.connectToMainThread();

const scripts = new Set<string>();
session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => {
  if (url.startsWith(ours)) scripts.add(scriptId);
});

let deepest = 0;
session.on('Debugger.paused', (({ params: { callFrames } }: Paused) => {
  if (callFrames[0]?.functionName === 'endOfLogin') {
    session.post('Debugger.disable', () => parentPort?.postMessage(deepest));
    return;
  }
  deepest = Math.max(deepest, callFrames.filter(({ location }) => scripts.has(location.scriptId)).length);
  session.post('Debugger.stepInto');
}) as never);
session.post('Debugger.enable');
session.post('Debugger.setBlackboxPatterns', { patterns: ['^node:', '/node_modules/'] }, () =>
  parentPort?.postMessage('ready'),
);
// A session alone does not keep the thread alive.
parentPort?.on('message', () => {});
