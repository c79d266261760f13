import type { ConformanceCase } from './conformance-case.ts';

export const RULES_CASES: readonly ConformanceCase[] = [];
