/** Rules about ConfigMaps, Secrets and ServiceAccounts: those that pods refer to and lack, and those that nothing refers to. */
import type { Rule } from '../rule.ts';
import { rule as configMapEmpty } from '../rules/config-map-empty/rule.ts';
import { rule as configMapKeyMissing } from '../rules/config-map-key-missing/rule.ts';
import { rule as configMapMissing } from '../rules/config-map-missing/rule.ts';
import { rule as configMapTooLarge } from '../rules/config-map-too-large/rule.ts';
import { rule as configMapUnused } from '../rules/config-map-unused/rule.ts';
import { rule as secretKeyMissing } from '../rules/secret-key-missing/rule.ts';
import { rule as secretMissing } from '../rules/secret-missing/rule.ts';
import { rule as secretUnused } from '../rules/secret-unused/rule.ts';
import { rule as serviceAccountUnused } from '../rules/service-account-unused/rule.ts';

/** In the order of the reference pages. */
export const CONFIGURATION_RULES: readonly Rule[] = [
  configMapKeyMissing,
  configMapMissing,
  secretKeyMissing,
  secretMissing,
  configMapEmpty,
  configMapTooLarge,
  configMapUnused,
  secretUnused,
  serviceAccountUnused,
];
