import type { ConformanceCase } from './conformance-case.ts';

export const HTTP_CASES: readonly ConformanceCase[] = [];
