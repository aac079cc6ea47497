/** One line on stderr, so that nobody takes the first, slow provisioning for a hang and stdout stays free for results. */
export function reportProgress(message: string): void {
  process.stderr.write(`[mongo-server] ${message}\n`);
}
