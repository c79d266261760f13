import type { ConformanceCase } from './conformance-case.ts';
import { ADMISSION_CASES } from './rules/admission.ts';
import { DEFAULTS_CASES } from './rules/defaults.ts';
import { IMMUTABILITY_CASES } from './rules/immutability.ts';
import { LIMITS_CASES } from './rules/limits.ts';
import { SECURITY_CASES } from './rules/security.ts';
import { VALIDATION_CASES } from './rules/validation.ts';

/** Defaults, validation, admission. */
export const RULES_CASES: readonly ConformanceCase[] = [
  ...DEFAULTS_CASES,
  ...ADMISSION_CASES,
  ...LIMITS_CASES,
  ...SECURITY_CASES,
  ...VALIDATION_CASES,
  ...IMMUTABILITY_CASES,
];
