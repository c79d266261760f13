/** Rules about certificates. */
import type { Rule } from '../rule.ts';
import { rule as certificateChainBroken } from '../rules/certificate-chain-broken/rule.ts';
import { rule as certificateExpired } from '../rules/certificate-expired/rule.ts';
import { rule as certificateExpiring } from '../rules/certificate-expiring/rule.ts';
import { rule as certificateNameMismatch } from '../rules/certificate-name-mismatch/rule.ts';
import { rule as certificateNotYetValid } from '../rules/certificate-not-yet-valid/rule.ts';

/** In the order of the reference pages. */
export const CERTIFICATES_RULES: readonly Rule[] = [
  certificateChainBroken,
  certificateExpired,
  certificateExpiring,
  certificateNameMismatch,
  certificateNotYetValid,
];
