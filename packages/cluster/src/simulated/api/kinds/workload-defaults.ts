/** What the API server fills into the workloads of `apps`, `batch` and `v1`. Source: `pkg/apis/{apps,batch}/v1/defaults.go`. */
import { isRecord, type Json } from '../../../model/unknown-json.ts';
import { all, derive, each, fill, isUnset, when, within, withField, type DefaultRule } from './default-rule.ts';
import { claimSpecDefaults, podTemplateDefaults } from './pod/pod-defaults.ts';

const REPLICAS = fill({ replicas: 1 });
const HISTORY = fill({ revisionHistoryLimit: 10 });

/** An update strategy: of type `RollingUpdate`, with these amounts, unless told otherwise. */
function rollingUpdate(field: string, amounts: Json): DefaultRule {
  return all(
    derive(field, () => ({})),
    within(
      field,
      fill({ type: 'RollingUpdate' }),
      when(({ type }) => type === 'RollingUpdate', fill({ rollingUpdate: {} }), within('rollingUpdate', fill(amounts))),
    ),
  );
}

function withSpec(...rules: readonly DefaultRule[]): DefaultRule {
  return all(fill({ spec: {} }), within('spec', ...rules));
}

const TEMPLATE = all(fill({ template: {} }), podTemplateDefaults);

export const deploymentDefaults = withSpec(
  REPLICAS,
  rollingUpdate('strategy', { maxUnavailable: '25%', maxSurge: '25%' }),
  HISTORY,
  fill({ progressDeadlineSeconds: 600 }),
  TEMPLATE,
);

export const replicaSetDefaults = withSpec(REPLICAS, TEMPLATE);

export const daemonSetDefaults = withSpec(
  rollingUpdate('updateStrategy', { maxUnavailable: 1, maxSurge: 0 }),
  HISTORY,
  TEMPLATE,
);

const CLAIM_TEMPLATE = all(
  fill({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: {}, status: {} }),
  within('spec', claimSpecDefaults),
  within('status', fill({ phase: 'Pending' })),
);

export const statefulSetDefaults = withSpec(
  fill({ podManagementPolicy: 'OrderedReady', persistentVolumeClaimRetentionPolicy: {} }),
  within('persistentVolumeClaimRetentionPolicy', fill({ whenDeleted: 'Retain', whenScaled: 'Retain' })),
  REPLICAS,
  // Only where no type is given a rolling update comes by itself.
  (spec) =>
    isRecord(spec['updateStrategy']) && !isUnset(spec['updateStrategy']['type'])
      ? spec
      : rollingUpdate('updateStrategy', {})(spec),
  within('updateStrategy', within('rollingUpdate', fill({ partition: 0 }))),
  HISTORY,
  TEMPLATE,
  each('volumeClaimTemplates', CLAIM_TEMPLATE),
);

export const replicationControllerDefaults = all(
  withSpec(
    REPLICAS,
    within('template', fill({ metadata: {}, spec: {} })),
    podTemplateDefaults,
    derive('selector', (spec) => templateLabels(spec)),
  ),
  labelsOfTemplate,
);

/** Defaults of a Job's spec, also in a CronJob. */
const JOB_SPEC = all(
  (spec) =>
    isUnset(spec['completions']) && isUnset(spec['parallelism']) ? { ...spec, completions: 1, parallelism: 1 } : spec,
  derive('backoffLimit', ({ backoffLimitPerIndex }) => (isUnset(backoffLimitPerIndex) ? 6 : 2_147_483_647)),
  derive('podReplacementPolicy', ({ podFailurePolicy }) =>
    isUnset(podFailurePolicy) ? 'TerminatingOrFailed' : 'Failed',
  ),
  fill({ parallelism: 1, completionMode: 'NonIndexed', suspend: false, manualSelector: false }),
  within('podFailurePolicy', each('rules', each('onPodConditions', fill({ status: 'True' })))),
  TEMPLATE,
);

export const jobDefaults = withSpec(JOB_SPEC);

/** Jobs within CronJobs get only what their templates' pods get; the rest comes with each Job. */
export const cronJobDefaults = withSpec(
  fill({ concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }),
  fill({ jobTemplate: {} }),
  within('jobTemplate', fill({ metadata: {}, spec: {} }), within('spec', TEMPLATE)),
);

export const podTemplateObjectDefaults = all(fill({ template: {} }), podTemplateDefaults);

function templateLabels(spec: unknown): unknown {
  const template = isRecord(spec) ? spec['template'] : undefined;
  const metadata = isRecord(template) ? template['metadata'] : undefined;
  return isRecord(metadata) ? metadata['labels'] : undefined;
}

/** Workloads of old kinds without labels of their own get those of their template. */
export function labelsOfTemplate(object: Json): Json {
  const metadata = object['metadata'] as Json;
  const own = metadata['labels'];
  const labels = templateLabels(object['spec']);
  if (labels === undefined || (isRecord(own) && Object.keys(own).length > 0)) return object;
  return withField(object, 'metadata', withField(metadata, 'labels', labels));
}
