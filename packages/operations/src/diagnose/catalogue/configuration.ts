/** Rules about ConfigMaps and Secrets that pods refer to. */
import type { Rule } from '../rule.ts';
import { rule as configMapKeyMissing } from '../rules/config-map-key-missing/rule.ts';
import { rule as configMapMissing } from '../rules/config-map-missing/rule.ts';
import { rule as secretKeyMissing } from '../rules/secret-key-missing/rule.ts';
import { rule as secretMissing } from '../rules/secret-missing/rule.ts';

/** In the order of the reference pages. */
export const CONFIGURATION_RULES: readonly Rule[] = [
  configMapKeyMissing,
  configMapMissing,
  secretKeyMissing,
  secretMissing,
];
