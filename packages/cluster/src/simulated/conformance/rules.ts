import type { ConformanceCase } from './conformance-case.ts';
import { ADMISSION_CASES } from './rules/admission.ts';
import { DEFAULTS_CASES } from './rules/defaults.ts';
import { LIMITS_CASES } from './rules/limits.ts';

/** Defaults, validation, admission. */
export const RULES_CASES: readonly ConformanceCase[] = [...DEFAULTS_CASES, ...ADMISSION_CASES, ...LIMITS_CASES];
