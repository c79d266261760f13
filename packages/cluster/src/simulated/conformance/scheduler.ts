import type { ConformanceCase } from './conformance-case.ts';

export const SCHEDULER_CASES: readonly ConformanceCase[] = [];
