import type { ConformanceCase } from './conformance-case.ts';
import { ADMISSION_CASES } from './rules/admission.ts';
import { DEFAULTS_CASES } from './rules/defaults.ts';

/** Defaults, validation, admission. */
export const RULES_CASES: readonly ConformanceCase[] = [...DEFAULTS_CASES, ...ADMISSION_CASES];
