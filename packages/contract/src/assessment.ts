/**
 * The report of `aia assess --format json`, version 1. Within a version fields are only added, never renamed or given
 * another meaning; readers ignore fields they do not know.
 */
import * as z from 'zod';

const text = (description: string) => z.string().describe(description);
const list = <T extends z.ZodType>(item: T, description: string) => z.array(item).readonly().describe(description);
const texts = (description: string) => list(z.string(), description);
const at = (description: string) => z.number().int().describe(`${description} Epoch milliseconds.`);
const count = (description: string) => z.number().int().min(0).describe(description);
const share = (description: string) => z.number().min(0).max(1).describe(`${description} From 0 to 1.`);

export const severitySchema = z
  .enum(['critical', 'high', 'medium', 'low', 'info'])
  .describe('How bad something is, worst first.')
  .meta({ id: 'Severity' });

export const resourceRefSchema = z
  .object({
    group: text("API group, '' for core; a cloud API's host for cloud resources."),
    kind: text('Kind, as the API writes it.'),
    namespace: text("'' for cluster-scoped and cloud resources."),
    name: text('Name; of a quota, region and metric.'),
    uid: text('Unique id that the API server gave, where known.').optional(),
  })
  .describe('Names one resource.')
  .meta({ id: 'ResourceRef' });

const resource = resourceRefSchema;

export const evidenceSchema = z
  .discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('field').describe('A field of an object.'),
        resource,
        path: text('Path of the field, as in `status.containerStatuses[0].restartCount`.'),
        value: text('Its value as text.'),
      })
      .describe('A field of an object.'),
    z
      .object({
        kind: z.literal('event').describe('An event of the cluster.'),
        resource,
        reason: text("The event's reason, as in `FailedScheduling`."),
        message: text("The event's message."),
        count: count('How often it happened.'),
        at: at('When it last happened.'),
      })
      .describe('An event; the resource is the event itself.'),
    z
      .object({
        kind: z.literal('metric').describe('A figure from metrics or usage history.'),
        resource,
        name: text('What was measured.'),
        value: z.number().describe('The figure.'),
        unit: text("Its unit, '' for a plain number."),
        samples: count('Samples it rests on.'),
        spanMs: z.number().describe('Time they cover, in milliseconds.'),
      })
      .describe('A figure from metrics or usage history.'),
    z
      .object({
        kind: z.literal('quota').describe('A cloud quota.'),
        metric: text('Name of the quota, as the cloud writes it.'),
        region: text('Region, or the project for global quotas.'),
        limit: z.number().describe('What is granted.'),
        usage: z.number().describe('What is used of it.'),
      })
      .describe('A cloud quota.'),
    z
      .object({
        kind: z.literal('cloud').describe('Something else that the cloud said.'),
        source: text('What said it: autoscaler status, visibility log, addresses.'),
        text: text('Its words.'),
        at: at('When it was said.').optional(),
      })
      .describe('Something else that the cloud said.'),
    z
      .object({
        kind: z.literal('absence').describe('Something referred to that is not there.'),
        resource,
        text: text('Where it was looked for.'),
      })
      .describe('Something referred to that is not there.'),
    z
      .object({
        kind: z.literal('log').describe('Lines of a log.'),
        resource,
        container: text('The container that wrote it.'),
        lines: texts('Oldest first, secrets masked.'),
      })
      .describe("Lines of a container's log."),
    z
      .object({
        kind: z.literal('certificate').describe('A certificate.'),
        subject: text('Its subject.'),
        text: text('Issuer, names and where it was found.'),
        notAfterAt: at('When it expires.'),
      })
      .describe("A certificate's facts."),
    z
      .object({
        kind: z.literal('calculation').describe('A calculation on the snapshot.'),
        text: text('The outcome, restated so that it can be repeated.'),
      })
      .describe('The outcome of a calculation or simulation on the snapshot.'),
  ])
  .describe('What a statement rests on; each kind can be looked up again by hand.')
  .meta({ id: 'Evidence' });

export const factsSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]))
  .describe('Typed details by name; the names are documented per rule.')
  .meta({ id: 'Facts' });

export const findingSchema = z
  .object({
    id: text('`code:resource[:part]`, unique in a report and stable between runs.'),
    code: text('Entry of the catalogue, see `aia assess --explain CODE`.'),
    severity: severitySchema,
    resource,
    message: text('One sentence naming what is wrong with this very resource.'),
    evidence: list(evidenceSchema, 'What it rests on; never empty.'),
    facts: factsSchema,
    since: at('Since when, where it can be told.').optional(),
    explainedBy: text(
      'Id of the root cause that this finding is a symptom or part of; absent when none explains it.',
    ).optional(),
  })
  .describe('One coded observation about one resource.')
  .meta({ id: 'Finding' });

export const chainLinkSchema = z
  .object({
    from: text('Id of a finding or of the root cause.'),
    to: text('Id of the finding that follows from it.'),
    relation: text('Why the one brings about the other.'),
    evidence: list(evidenceSchema, 'What shows that it does.'),
  })
  .describe('One edge of the causal graph.')
  .meta({ id: 'ChainLink' });

export const counterfactualSchema = z
  .object({
    change: text('What would be different.'),
    outcome: text('What the scheduling filters say would follow.'),
    resolved: count('How many of the affected things would be well.'),
    affected: count('How many are affected.'),
  })
  .describe('What would follow from a change, calculated on a copy of the cluster.')
  .meta({ id: 'Counterfactual' });

export const weighingSchema = z
  .object({
    observation: text('What was seen.'),
    ratio: z.number().describe('Likelihood ratio against the cause being something else.'),
  })
  .describe('One factor of a probability.')
  .meta({ id: 'Weighing' });

const weighings = list(weighingSchema, 'prior × the product of these ratios is the weight that was normalised.');

export const rootCauseSchema = z
  .object({
    id: text('`class:resource`, unique in a report and stable between runs.'),
    class: text('Kind of cause, as in `requests-exceed-quota`.'),
    title: text('The cause in a line.'),
    statement: text('What is wrong and why, in full sentences.'),
    resource,
    severity: severitySchema,
    probability: share('Posterior over this cause, its rivals and "something else".'),
    prior: z.number().describe('Prior weight of the class.'),
    weighings,
    rivals: list(
      z
        .object({
          class: text('Kind of cause.'),
          statement: text('The rival in a line.'),
          probability: share('Its posterior.'),
          weighings,
        })
        .describe('Another explanation of the same findings.'),
      'Less probable explanations, the most probable first.',
    ),
    evidence: list(evidenceSchema, 'What it rests on.'),
    chain: list(chainLinkSchema, 'How the findings follow from it.'),
    explains: texts('Ids of the findings it explains, itself included where it was found.'),
    impact: z
      .object({
        pods: count('Failing pods it explains.'),
        workloads: texts('Workloads they belong to, as `Deployment shop/web`.'),
        services: count('Services without their address that it explains.'),
      })
      .describe('What suffers.'),
    counterfactuals: list(counterfactualSchema, 'What would help, and how much.'),
    remediation: z
      .object({
        class: text('Kind of remedy, as in `resize-requests`.'),
        text: text('What to do, in a sentence.'),
      })
      .describe('What to do about it.'),
  })
  .describe('An explanation of a set of findings.')
  .meta({ id: 'RootCause' });

export const kpiSchema = z
  .object({
    id: text('Stable name, as in `pod-success-rate`.'),
    name: text('Name for people.'),
    group: z.enum(['infrastructure', 'agents', 'experience']).describe('What it is about.'),
    formula: text('How it is computed.'),
    target: text('What it should be, as in `> 98 %`.'),
    unit: z
      .enum(['share', 'count', 'ms', 'fps'])
      .describe('Unit of the value; a share is 0..1, or above 1 when overcommitted.'),
    value: z.number().describe('Absent when it cannot be computed.').optional(),
    status: z.enum(['met', 'missed', 'unknown']).describe('The value against its target.'),
    basis: text('The numbers it was computed from, or what is missing to compute it.'),
  })
  .describe('One measured figure, or why there is none.')
  .meta({ id: 'Kpi' });

const clusterSchema = z
  .object({
    source: z
      .object({
        kind: z.enum(['dump', 'live', 'simulated', 'example']).describe('Where the cluster was read from.'),
        name: text('Path of the dump, context of the kubeconfig, or name of the example.'),
      })
      .describe('What was read.'),
    observedAt: at('The moment that everything is judged as of.'),
    serverVersion: text("The API server's version; absent when unknown.").optional(),
    namespaces: texts('Only these were judged; absent when all were.').optional(),
    objects: count('Objects read.'),
    nodes: count('Nodes among them.'),
    pods: z
      .object({
        total: count('Pods that count: not those being deleted, just starting, or superseded by their Job.'),
        succeeding: count('Ready, or completed as their owner wants.'),
        failing: count('The others.'),
      })
      .describe('Pods of the judged namespaces.'),
  })
  .describe('What was judged.');

const verdictSchema = z
  .object({
    status: z
      .enum(['ready', 'at-risk', 'not-ready', 'unknown'])
      .describe('`unknown` when too little was read to judge.'),
    sentence: text('The verdict in a sentence.'),
    score: z.number().min(0).max(100).describe('Weighted mean of the known components, from 0 to 100; 0 when unknown.'),
    confidence: share('How much of what matters could be read.'),
    components: list(
      z
        .object({
          name: text('What it is about.'),
          weight: share('Its part in the score.'),
          value: share('Absent when it cannot be known.').optional(),
          basis: text('What the value rests on.'),
        })
        .describe('One part of the score.'),
      'The parts of the score.',
    ),
  })
  .describe('How far the cluster is from production-ready.');

export const assessmentSchema = z
  .object({
    kind: z.literal('Assessment').describe('What this document is.'),
    schemaVersion: z.literal(1).describe('Version of this schema; within it fields are only added.'),
    generator: z
      .object({ name: z.literal('aia').describe('Always `aia`.'), version: text('Its version.') })
      .describe('What wrote the document.'),
    cluster: clusterSchema,
    verdict: verdictSchema,
    rootCauses: list(rootCauseSchema, 'In order of impact.'),
    findings: list(findingSchema, 'By severity, then code, then resource.'),
    kpis: list(kpiSchema, 'Every KPI, those without a value included.'),
    missing: list(
      z
        .object({
          input: text('Stable name, as in `events`, `usage-history`, `endpoint:shop.example.com:443`.'),
          reason: text('Why it was not read.'),
          consequence: text('What is not known therefore.'),
        })
        .describe('Something that was not there to read.'),
      'What was not read; each entry lowers the confidence.',
    ),
    problems: list(
      z
        .object({
          source: text('File, with the path inside an archive, or URL path.'),
          place: text("Line, item or field, as exact as known; '' for the whole."),
          message: text('What is wrong with it.'),
          severity: z.enum(['error', 'warning']).describe('Whether something of the input was lost.'),
        })
        .describe('Something unreadable.'),
      'What of the input could not be read, and where; the rest was judged.',
    ),
    notRun: list(
      z.object({ code: text('The rule.'), reason: text('What it lacks.') }).describe('A rule that could not judge.'),
      'Rules that could not judge.',
    ),
    unrecognised: list(
      z
        .object({
          reason: text('Reason of the events.'),
          count: count('How many there were.'),
          example: text('One of their messages.'),
        })
        .describe('Warning events in words that no parser knows.'),
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
