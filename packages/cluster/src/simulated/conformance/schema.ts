import type { ConformanceCase } from './conformance-case.ts';
import { APPLY_CASES } from './schema/apply.ts';
import { CONFLICT_CASES } from './schema/conflicts.ts';
import { PATCH_CASES } from './schema/patches.ts';
import { FIELD_CASES } from './schema/unknown-fields.ts';

/** Server-side apply, patches, and what becomes of fields that are not as they should be. */
export const SCHEMA_CASES: readonly ConformanceCase[] = [
  ...APPLY_CASES,
  ...CONFLICT_CASES,
  ...PATCH_CASES,
  ...FIELD_CASES,
];
