import type { ConformanceCase } from './conformance-case.ts';

export const WORKLOADS_CASES: readonly ConformanceCase[] = [];
