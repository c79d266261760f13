/** What the server generates for Jobs, so that each finds its own pods. Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-selector */
import type { KubeObject, Labels } from '@aia/cluster';
import { without } from '../rollout/without.ts';

const JOB_LABELS: ReadonlySet<string> = new Set([
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
]);

interface JobSpec {
  readonly manualSelector?: boolean;
  readonly selector?: unknown;
  readonly template?: { readonly metadata?: { readonly labels?: Labels } };
}

/** A Job without selector and labels that are another one's when it is made again; anything else as it is. */
export function withoutGenerated(object: KubeObject): KubeObject {
  const { spec } = object as { readonly spec?: JobSpec };
  if (object.kind !== 'Job' || spec === undefined || spec.manualSelector === true) return object;
  const { template } = spec;
  const metadata = { ...template?.metadata, labels: own(template?.metadata?.labels) };
  return {
    ...object,
    metadata: { ...object.metadata, labels: own(object.metadata.labels) },
    spec: { ...without(spec, 'selector'), template: { ...template, metadata } },
  } as KubeObject;
}

function own(labels: Labels = {}): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !JOB_LABELS.has(name)));
}
