/** Schemas of the API and of every report. Runs in browsers; imports nothing of ours. */
export type { Action, Condition, Ownership, QuotaEffect, Role, Step } from './action.ts';
export { actionSchema, conditionSchema, roleSchema } from './action.ts';
export { assessmentSchema, kpiSchema } from './assessment.ts';
export type { Change, CloudCall, Patch } from './change.ts';
export { changeSchema, cloudCallSchema, patchSchema } from './change.ts';
export type { CertificateEntry } from './certificates.ts';
export { certificateEntrySchema, certificateRenewalSchema, certificateUserSchema } from './certificates.ts';
export { comparisonSchema } from './comparison.ts';
export { evidenceSchema, factsSchema, findingSchema, resourceRefSchema, severitySchema } from './finding.ts';
export type { Forecast, Goal, Phase, Plan, Rehearsal, Rejected, TwinFigures } from './plan.ts';
export { forecastSchema, goalSchema, phaseSchema, planSchema, rehearsalSchema } from './plan.ts';
export type { PolicyFile } from './policy.ts';
export { policySchema } from './policy.ts';
export type { Checked, SchemaFault } from './check.ts';
export { check } from './check.ts';
export type {
  ExposedEndpoint,
  Inventory,
  LoadBalancer,
  MonitoringPart,
  NodePoolFacts,
  Posture,
  Schedule,
} from './inventory.ts';
export { inventorySchema, scheduleSchema } from './inventory.ts';
export type { StrategyComparison } from './strategy-comparison.ts';
export { strategyComparisonSchema } from './strategy-comparison.ts';
export type { Light } from './light.ts';
export { lightSchema } from './light.ts';
export type { Strategy } from './strategy.ts';
export { strategySchema } from './strategy.ts';
export type { VerificationReport } from './verification.ts';
export { verificationSchema } from './verification.ts';
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
