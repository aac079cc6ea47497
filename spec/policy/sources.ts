/** Failures with where they came from. */
import type { Source, SourceCount, SubjectState } from '../../lib/policy/state.js';
import { DAY, failed, NOON } from './examples.js';

export const HOME: Source = { place: 'home', spelling: 'alice' };
export const CAFE: Source = { place: 'cafe', spelling: 'alice' };
export const UNKNOWN: Source = { place: '', spelling: '' };

export function count(source: Source, failures = 1, firstAt = NOON, lastAt = firstAt): SourceCount {
  return { ...source, failures, firstAt, lastAt };
}

/** Failures of these sources, forgotten a day after the last one. */
export function failedFrom(...sources: readonly SourceCount[]): SubjectState {
  const failures = sources.reduce((sum, source) => sum + source.failures, 0);
  const firstFailureAt = Math.min(...sources.map(({ firstAt }) => firstAt));
  const lastFailureAt = Math.max(...sources.map(({ lastAt }) => lastAt));
  return failed(failures, { sources, firstFailureAt, lastFailureAt, forgetAt: lastFailureAt + DAY });
}
