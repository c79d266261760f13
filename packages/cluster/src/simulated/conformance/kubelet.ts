import type { ConformanceCase } from './conformance-case.ts';

export const KUBELET_CASES: readonly ConformanceCase[] = [];
