/** Schemas of the API and of every report. Runs in browsers; imports nothing of ours. */
export {
  assessmentSchema,
  chainLinkSchema,
  counterfactualSchema,
  evidenceSchema,
  factsSchema,
  findingSchema,
  kpiSchema,
  resourceRefSchema,
  rootCauseSchema,
  severitySchema,
  weighingSchema,
} from './assessment.ts';
export type {
  AssessedEvidence,
  AssessedFinding,
  AssessedRootCause,
  Assessment,
  ChainLink,
  Counterfactual,
  Kpi,
  Weighing,
} from './assessment.ts';
