/** Workloads of `apps` and replication controllers. Source: `pkg/apis/apps/validation`. */
import type { Json } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { matchesSelector, type Labels, type LabelSelector } from '../../../model/selector.ts';
import { dns1035LabelErrors } from '../names.ts';
import { checkTemplate } from './pod/pod-validation.ts';
import { IMMUTABLE, objectIn, textIn, type Problems } from './problems.ts';
import { checkCount, checkLabelSelector, checkLabels, checkShare, countIn, isEmptySelector } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

const MISMATCH = '`selector` does not match template `labels`';

function specOf(object: Json): Json {
  return objectIn(object, 'spec') ?? {};
}

function labelsOf(template: Json): Labels | undefined {
  return objectIn(objectIn(template, 'metadata'), 'labels') as Labels | undefined;
}

function checkSelector(problems: Problems, spec: Json, kind: string): void {
  const selector = objectIn(spec, 'selector');
  if (selector === undefined) return problems.required('spec.selector');
  checkLabelSelector(problems, 'spec.selector', selector);
  if (isEmptySelector(selector)) problems.invalid('spec.selector', selector, `empty selector is invalid for ${kind}`);
}

function checkMatch(problems: Problems, spec: Json): void {
  const selector = objectIn(spec, 'selector') as LabelSelector | undefined;
  const labels = labelsOf(objectIn(spec, 'template') ?? {});
  if (selector !== undefined && isEmptySelector(selector as Json)) return;
  if (!matchesSelector(selector, labels)) problems.invalid('spec.template.metadata.labels', labels ?? null, MISMATCH);
}

/** Pods of workloads run on and on. */
function checkLasting(problems: Problems, template: Json, kind: string): void {
  const spec = specOf(template);
  if (spec['restartPolicy'] !== 'Always')
    problems.notSupported('spec.template.spec.restartPolicy', spec['restartPolicy'], ['Always']);
  if (spec['activeDeadlineSeconds'] !== undefined)
    problems.forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`);
}

function checkReplicaTemplate(problems: Problems, spec: Json): void {
  const template = objectIn(spec, 'template') ?? {};
  checkMatch(problems, spec);
  checkTemplate(problems, 'spec.template', template);
  checkLasting(problems, template, 'ReplicaSet');
}

function checkCounts(problems: Problems, spec: Json, ...fields: readonly string[]): void {
  for (const field of fields) problems.nonNegative(`spec.${field}`, spec[field]);
}

export const checkDeployment: Check = (problems, deployment) => {
  const spec = specOf(deployment);
  checkCounts(problems, spec, 'replicas');
  checkSelector(problems, spec, 'deployment');
  checkReplicaTemplate(problems, spec);
  checkStrategy(problems, objectIn(spec, 'strategy') ?? {});
  checkCounts(problems, spec, 'minReadySeconds', 'revisionHistoryLimit');
  const deadline = spec['progressDeadlineSeconds'];
  if (typeof deadline !== 'number') return;
  checkCounts(problems, spec, 'progressDeadlineSeconds');
  if (deadline <= Number(spec['minReadySeconds'] ?? 0))
    problems.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
};

function checkStrategy(problems: Problems, strategy: Json): void {
  const type = textIn(strategy, 'type');
  const rolling = objectIn(strategy, 'rollingUpdate');
  if (type === 'Recreate') {
    if (rolling !== undefined)
      problems.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
  } else if (type !== 'RollingUpdate')
    problems.notSupported('spec.strategy', { Type: type, RollingUpdate: rolling ?? null }, [
      'Recreate',
      'RollingUpdate',
    ]);
  else {
    const { maxUnavailable, maxSurge } = rolling ?? {};
    checkCount(problems, 'spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable);
    checkCount(problems, 'spec.strategy.rollingUpdate.maxSurge', maxSurge);
    if (countIn(maxUnavailable) === 0 && countIn(maxSurge) === 0)
      problems.invalid(
        'spec.strategy.rollingUpdate.maxUnavailable',
        maxUnavailable,
        'may not be 0 when `maxSurge` is 0',
      );
    checkShare(problems, 'spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable);
  }
}

export const checkReplicaSet: Check = (problems, replicaSet) => {
  const spec = specOf(replicaSet);
  checkCounts(problems, spec, 'replicas', 'minReadySeconds');
  checkSelector(problems, spec, 'deployment');
  checkReplicaTemplate(problems, spec);
};

export const checkDaemonSet: Check = (problems, daemonSet) => {
  const spec = specOf(daemonSet);
  const template = objectIn(spec, 'template') ?? {};
  const selector = objectIn(spec, 'selector');
  if (selector === undefined) problems.required('spec.selector');
  else checkLabelSelector(problems, 'spec.selector', selector);
  if (!matchesSelector(selector as LabelSelector | undefined, labelsOf(template)))
    problems.invalid('spec.template.metadata.labels', labelsOf(template) ?? null, MISMATCH);
  if (selector !== undefined && isEmptySelector(selector))
    problems.invalid('spec.selector', selector, 'empty selector is invalid for daemonset');
  checkTemplate(problems, 'spec.template', template);
  checkLasting(problems, template, 'DaemonSet');
  checkCounts(problems, spec, 'minReadySeconds');
  checkDaemonStrategy(problems, objectIn(spec, 'updateStrategy') ?? {});
  checkCounts(problems, spec, 'revisionHistoryLimit');
};

function checkDaemonStrategy(problems: Problems, strategy: Json): void {
  const field = 'spec.updateStrategy';
  const type = textIn(strategy, 'type');
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') return problems.notSupported(`${field}.type`, type, ['RollingUpdate', 'OnDelete']);
  const { maxUnavailable, maxSurge } = objectIn(strategy, 'rollingUpdate') ?? {};
  checkCount(problems, `${field}.rollingUpdate.maxUnavailable`, maxUnavailable);
  checkCount(problems, `${field}.rollingUpdate.maxSurge`, maxSurge);
  checkShare(problems, `${field}.rollingUpdate.maxUnavailable`, maxUnavailable);
  checkShare(problems, `${field}.rollingUpdate.maxSurge`, maxSurge);
  const [fewer, more] = [countIn(maxUnavailable) !== 0, countIn(maxSurge) !== 0];
  if (fewer && more)
    problems.invalid(`${field}.rollingUpdate.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero');
  if (!fewer && !more) problems.required(`${field}.rollingUpdate.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
}

export const checkStatefulSet: Check = (problems, set) => {
  const spec = specOf(set);
  const policy = textIn(spec, 'podManagementPolicy');
  if (policy !== 'OrderedReady' && policy !== 'Parallel')
    problems.invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'");
  checkStatefulStrategy(problems, objectIn(spec, 'updateStrategy') ?? {});
  for (const field of ['whenDeleted', 'whenScaled']) {
    const value = objectIn(spec, 'persistentVolumeClaimRetentionPolicy')?.[field];
    if (value !== undefined && value !== 'Retain' && value !== 'Delete')
      problems.notSupported(`spec.persistentVolumeClaimRetentionPolicy.${field}`, value, ['Delete', 'Retain']);
  }
  checkCounts(problems, spec, 'replicas', 'minReadySeconds');
  problems.nonNegative('spec.ordinals.start', objectIn(spec, 'ordinals')?.['start']);
  if (textIn(spec, 'serviceName') !== '') problems.text('spec.serviceName', spec['serviceName'], dns1035LabelErrors);
  checkSelector(problems, spec, 'statefulset');
  checkMatch(problems, spec);
  // The real server leaves the rest of the template to the pods, too.
  const template = objectIn(spec, 'template') ?? {};
  checkLabels(problems, 'spec.template.labels', labelsOf(template));
  checkLasting(problems, template, 'StatefulSet');
};

function checkStatefulStrategy(problems: Problems, strategy: Json): void {
  const type = textIn(strategy, 'type');
  const rolling = objectIn(strategy, 'rollingUpdate');
  if (type === 'OnDelete') {
    if (rolling !== undefined)
      problems.invalid('spec.updateStrategy.rollingUpdate', rolling, "only allowed for updateStrategy 'RollingUpdate'");
  } else if (type === 'RollingUpdate')
    problems.nonNegative('spec.updateStrategy.rollingUpdate.partition', rolling?.['partition']);
  else problems.invalid('spec.updateStrategy', strategy, "must be 'RollingUpdate' or 'OnDelete'");
}

export const checkReplicationController: Check = (problems, controller) => {
  const spec = specOf(controller);
  checkCounts(problems, spec, 'minReadySeconds');
  const selector = objectIn(spec, 'selector') as Labels | undefined;
  if (Object.keys(selector ?? {}).length === 0) problems.required('spec.selector');
  checkCounts(problems, spec, 'replicas');
  const template = objectIn(spec, 'template');
  if (template === undefined) return problems.required('spec.template');
  if (selector !== undefined && !matchesSelector({ matchLabels: selector }, labelsOf(template)))
    problems.invalid('spec.template.metadata.labels', labelsOf(template) ?? null, MISMATCH);
  checkTemplate(problems, 'spec.template', template);
  checkLasting(problems, template, 'ReplicationController');
};

/** A workload whose selector stays. */
export function withFixedSelector(check: Check): CheckUpdate {
  return (problems, object, previous) => {
    check(problems, object);
    const [selector, had] = [specOf(object)['selector'], specOf(previous)['selector']];
    if (!sameJson(selector, had)) problems.invalid('spec.selector', selector, IMMUTABLE);
  };
}

const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export const checkStatefulSetUpdate: CheckUpdate = (problems, set, previous) => {
  checkStatefulSet(problems, set);
  const fixed = (object: Json) =>
    Object.fromEntries(Object.entries(specOf(object)).filter(([field]) => !CHANGEABLE.includes(field)));
  if (sameJson(fixed(set), fixed(previous))) return;
  problems.forbidden(
    'spec',
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  );
};

export const checkPodTemplateObject: Check = (problems, object) => {
  checkTemplate(problems, 'template', objectIn(object, 'template') ?? {});
};
