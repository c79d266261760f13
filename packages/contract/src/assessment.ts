/**
 * The report of `aia assess --format json`, version 1. Within a version fields are only added, never renamed or given
 * another meaning; readers ignore fields they do not know.
 */
import * as z from 'zod';

const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();
const at = z.number().int().describe('Epoch milliseconds.');
const share = z.number().min(0).max(1);

export const severitySchema = z.enum(['critical', 'high', 'medium', 'low', 'info']);

export const resourceRefSchema = z
  .object({
    group: z.string().describe("API group, '' for core; a cloud API's host for cloud resources."),
    kind: z.string(),
    namespace: z.string().describe("'' for cluster-scoped and cloud resources."),
    name: z.string(),
    uid: z.string().optional(),
  })
  .describe('Names one resource.');

const resource = resourceRefSchema;

export const evidenceSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('field'), resource, path: z.string(), value: z.string() }),
    z.object({
      kind: z.literal('event'),
      resource,
      reason: z.string(),
      message: z.string(),
      count: z.number().int(),
      at,
    }),
    z.object({
      kind: z.literal('metric'),
      resource,
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      samples: z.number().int(),
      spanMs: z.number(),
    }),
    z.object({
      kind: z.literal('quota'),
      metric: z.string(),
      region: z.string(),
      limit: z.number(),
      usage: z.number(),
    }),
    z.object({ kind: z.literal('cloud'), source: z.string(), text: z.string(), at: at.optional() }),
    z.object({ kind: z.literal('absence'), resource, text: z.string() }),
    z.object({ kind: z.literal('log'), resource, container: z.string(), lines: list(z.string()) }),
    z.object({ kind: z.literal('certificate'), subject: z.string(), text: z.string(), notAfterAt: at }),
    z.object({ kind: z.literal('calculation'), text: z.string() }),
  ])
  .describe('What a statement rests on; each kind can be looked up again by hand.');

export const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), list(z.string())]));

export const findingSchema = z.object({
  id: z.string().describe('`code:resource[:part]`, stable between runs.'),
  code: z.string().describe('Entry of the catalogue, see `aia assess --explain CODE`.'),
  severity: severitySchema,
  resource,
  message: z.string(),
  evidence: list(evidenceSchema),
  facts: factsSchema.describe('Typed details; keys are documented per rule.'),
  since: at.optional(),
  explainedBy: z.string().optional().describe('Id of the root cause that this finding is a symptom or part of.'),
});

export const chainLinkSchema = z
  .object({
    from: z.string().describe('Id of a finding or of the root cause.'),
    to: z.string().describe('Id of the finding that follows from it.'),
    relation: z.string().describe('Why the one brings about the other.'),
    evidence: list(evidenceSchema),
  })
  .describe('One edge of the causal graph.');

export const counterfactualSchema = z.object({
  change: z.string().describe('What would be different.'),
  outcome: z.string().describe('What the scheduling filters say would follow.'),
  resolved: z.number().int().describe('How many of the affected things would be well.'),
  affected: z.number().int(),
});

export const weighingSchema = z
  .object({
    observation: z.string(),
    ratio: z.number().describe('Likelihood ratio against the cause being something else.'),
  })
  .describe('One factor of a probability.');

export const rootCauseSchema = z.object({
  id: z.string().describe('`class:resource`, stable between runs.'),
  class: z.string(),
  title: z.string(),
  statement: z.string().describe('What is wrong and why, in full sentences.'),
  resource,
  severity: severitySchema,
  probability: share.describe('Posterior over this cause, its rivals and "something else".'),
  prior: z.number().describe('Prior weight of the class.'),
  weighings: list(weighingSchema).describe('prior × the product of these ratios is the weight that was normalised.'),
  rivals: list(
    z.object({ class: z.string(), statement: z.string(), probability: share, weighings: list(weighingSchema) }),
  ),
  evidence: list(evidenceSchema),
  chain: list(chainLinkSchema),
  explains: list(z.string()).describe('Ids of the findings it explains, itself included where it was found.'),
  impact: z.object({
    pods: z.number().int().describe('Failing pods it explains.'),
    workloads: list(z.string()),
    services: z.number().int().describe('Services without their address that it explains.'),
  }),
  counterfactuals: list(counterfactualSchema),
  remediation: z.object({ class: z.string(), text: z.string() }),
});

export const kpiSchema = z.object({
  id: z.string(),
  name: z.string(),
  group: z.enum(['infrastructure', 'agents', 'experience']),
  formula: z.string(),
  target: z.string(),
  unit: z.enum(['share', 'count', 'ms', 'fps']),
  value: z.number().optional().describe('Absent when it cannot be computed.'),
  status: z.enum(['met', 'missed', 'unknown']),
  basis: z.string().describe('The numbers it was computed from, or what is missing to compute it.'),
});

export const assessmentSchema = z
  .object({
    kind: z.literal('Assessment'),
    schemaVersion: z.literal(1),
    generator: z.object({ name: z.literal('aia'), version: z.string() }),
    cluster: z.object({
      source: z.object({ kind: z.enum(['dump', 'live', 'simulated', 'example']), name: z.string() }),
      observedAt: at,
      serverVersion: z.string().optional(),
      namespaces: list(z.string()).optional().describe('Only these were judged; absent when all were.'),
      objects: z.number().int(),
      nodes: z.number().int(),
      pods: z.object({ total: z.number().int(), succeeding: z.number().int(), failing: z.number().int() }),
    }),
    verdict: z.object({
      status: z.enum(['ready', 'at-risk', 'not-ready', 'unknown']),
      sentence: z.string(),
      score: z.number().min(0).max(100).describe('Weighted mean of the known components.'),
      confidence: share.describe('How much of what matters could be read.'),
      components: list(z.object({ name: z.string(), weight: share, value: share.optional(), basis: z.string() })),
    }),
    rootCauses: list(rootCauseSchema).describe('In order of impact.'),
    findings: list(findingSchema).describe('By severity, then code, then resource.'),
    kpis: list(kpiSchema),
    missing: list(z.object({ input: z.string(), reason: z.string(), consequence: z.string() })),
    problems: list(
      z.object({ source: z.string(), place: z.string(), message: z.string(), severity: z.enum(['error', 'warning']) }),
    ).describe('What of the input could not be read, and where.'),
    notRun: list(z.object({ code: z.string(), reason: z.string() })).describe('Rules that could not judge.'),
    unrecognised: list(z.object({ reason: z.string(), count: z.number().int(), example: z.string() })).describe(
      'Warning events whose text no parser knows.',
    ),
    redactions: z.record(z.string(), z.number().int()).describe('How many values were masked, by where they stood.'),
  })
  .describe('What AIA found in one cluster at one moment.');

/** The report as a type. */
export type Assessment = z.infer<typeof assessmentSchema>;
/** One finding of the report. */
export type AssessedFinding = z.infer<typeof findingSchema>;
/** One root cause of the report. */
export type AssessedRootCause = z.infer<typeof rootCauseSchema>;
/** What a statement rests on. */
export type AssessedEvidence = z.infer<typeof evidenceSchema>;
/** One measured figure, or why there is none. */
export type Kpi = z.infer<typeof kpiSchema>;
/** What would follow from a change. */
export type Counterfactual = z.infer<typeof counterfactualSchema>;
/** One factor of a probability. */
export type Weighing = z.infer<typeof weighingSchema>;
/** One edge of the causal graph. */
export type ChainLink = z.infer<typeof chainLinkSchema>;
