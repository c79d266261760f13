import type { ConformanceCase } from './conformance-case.ts';

export const SCHEMA_CASES: readonly ConformanceCase[] = [];
