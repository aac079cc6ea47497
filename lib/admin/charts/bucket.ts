/** Counts of attempts by time, as charts draw them. */

export interface Bucket {
  /** When it begins, epoch milliseconds; it ends where the next one begins. */
  readonly at: number;
  readonly failed: number;
  readonly refused: number;
  readonly succeeded: number;
  /** Locks that were set, by a tier, the hard stop or an operator. */
  readonly locks: number;
}

export type BucketTotals = Omit<Bucket, 'at'>;

export function totalsOf(buckets: readonly Bucket[]): BucketTotals {
  const totals = { failed: 0, refused: 0, succeeded: 0, locks: 0 };
  for (const { failed, refused, succeeded, locks } of buckets) {
    totals.failed += failed;
    totals.refused += refused;
    totals.succeeded += succeeded;
    totals.locks += locks;
  }
  return totals;
}
