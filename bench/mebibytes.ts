export function toMiB(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
