/**
 * The processor time that something takes, in milliseconds: unlike time by the clock it does not grow when other processes
 * want the same core.
 */
export function processorTime(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
