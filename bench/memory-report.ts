/** What the measured process tells the one that judges. */
export interface MemoryReport {
  readonly subjects: number;
  readonly seconds: number;
  /** Before the first login, and after the last one and a collection. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly rssBefore: number;
  readonly rssAfter: number;
  /** The most the process ever held, garbage included. */
  readonly rssPeak: number;
}
