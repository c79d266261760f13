import type { ConformanceCase } from './conformance-case.ts';

export const SERVICES_CASES: readonly ConformanceCase[] = [];
