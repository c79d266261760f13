/** Schemas of the API and of every report. Runs in browsers; imports nothing of ours. */
export { assessmentSchema, kpiSchema } from './assessment.ts';
export type { CertificateEntry } from './certificates.ts';
export { certificateEntrySchema, certificateRenewalSchema, certificateUserSchema } from './certificates.ts';
export { comparisonSchema } from './comparison.ts';
export { evidenceSchema, factsSchema, findingSchema, resourceRefSchema, severitySchema } from './finding.ts';
export { quotaSchema } from './quota.ts';
export { chainLinkSchema, counterfactualSchema, rootCauseSchema, weighingSchema } from './root-cause.ts';
export type {
  AppliedSuppression,
  AssessedEvidence,
  AssessedFinding,
  AssessedQuota,
  AssessedRootCause,
  Assessment,
  ChainLink,
  Comparison,
  Counterfactual,
  Kpi,
  SuppressedFinding,
  Weighing,
} from './assessment.ts';
export type { SimulationRun } from './simulation-run.ts';
export { simulationRunSchema } from './simulation-run.ts';
export type { SuppressionEntry } from './suppressions.ts';
export { suppressionSchema, suppressionsSchema } from './suppressions.ts';
export type { WhatIfReport } from './what-if.ts';
export { clusterStateSchema, whatIfSchema } from './what-if.ts';
