/** Rules about certificates. */
import type { Rule } from '../rule.ts';
import { rule as certificateChainBroken } from '../rules/certificate-chain-broken/rule.ts';
import { rule as certificateExpired } from '../rules/certificate-expired/rule.ts';
import { rule as certificateExpiring } from '../rules/certificate-expiring/rule.ts';
import { rule as certificateIssuerNotReady } from '../rules/certificate-issuer-not-ready/rule.ts';
import { rule as certificateKeyMismatch } from '../rules/certificate-key-mismatch/rule.ts';
import { rule as certificateNameMismatch } from '../rules/certificate-name-mismatch/rule.ts';
import { rule as certificateNotReady } from '../rules/certificate-not-ready/rule.ts';
import { rule as certificateNotYetValid } from '../rules/certificate-not-yet-valid/rule.ts';
import { rule as certificateUnreadable } from '../rules/certificate-unreadable/rule.ts';
import { rule as managedCertificateFailed } from '../rules/managed-certificate-failed/rule.ts';
import { rule as webhookCaMismatch } from '../rules/webhook-ca-mismatch/rule.ts';

/** In the order of the reference pages. */
export const CERTIFICATES_RULES: readonly Rule[] = [
  certificateChainBroken,
  certificateExpired,
  certificateExpiring,
  certificateNameMismatch,
  certificateNotYetValid,
  certificateUnreadable,
  certificateKeyMismatch,
  certificateNotReady,
  certificateIssuerNotReady,
  managedCertificateFailed,
  webhookCaMismatch,
];
