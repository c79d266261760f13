/** What a report says of single resources: findings and what they rest on. */
import * as z from 'zod';
import { at, count, list, text, texts } from './fields.ts';

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
  .describe('Typed details by name; the names are documented per rule. Lists hold at most 1000.')
  .meta({ id: 'Facts' });

export const findingSchema = z
  .object({
    id: text('`code:resource[:part]`, unique in a report and stable between runs.'),
    code: text('Entry of the catalogue, see `aia assess --explain CODE`.'),
    severity: severitySchema,
    resource,
    message: text('One sentence naming what is wrong with this very resource.'),
    evidence: list(evidenceSchema, 'What it rests on; never empty, at most 50.'),
    facts: factsSchema,
    since: at('Since when, where it can be told.').optional(),
    explainedBy: text(
      'Id of the root cause that this finding is a symptom or part of; absent when none explains it.',
    ).optional(),
  })
  .describe('One coded observation about one resource.')
  .meta({ id: 'Finding' });
