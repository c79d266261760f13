/**
 * Pods get the number of their PriorityClass.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
import type { KindMap, Pod } from '../../model/kinds.ts';
import { PRIORITY_CLASSES } from '../api/built-in-types.ts';
import { forbidden } from '../api/api-error.ts';
import { kindKey } from '../api/resource-type.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import type { AdmissionContext } from './admission-context.ts';
import { isNewPod, isPodItself, withSpec } from './pod-admission.ts';
import { forbiddenEarly, forbiddenLate } from './refusal.ts';

type PriorityClass = KindMap['PriorityClass'];

const SYSTEM_PRIORITIES: ReadonlySet<string> = new Set(['system-node-critical', 'system-cluster-critical']);

/** Of pods without a class where none is the default. */
const NO_CLASS = { value: 0, preemptionPolicy: 'PreemptLowerPriority' };

export function priority({ store, unread }: AdmissionContext): AdmissionPlugin {
  const isUnread = unread.has('scheduling.k8s.io/PriorityClass');
  const byDefault = (): PriorityClass | undefined => {
    let least: PriorityClass | undefined;
    for (const one of store.list(PRIORITY_CLASSES))
      if (one.globalDefault === true && (least === undefined || one.value < least.value)) least = one;
    return least;
  };
  const classOf = (admission: Admission, name: string): PriorityClass | undefined => {
    if (name === '') return byDefault();
    const found = store.get(PRIORITY_CLASSES, '', name);
    if (found === undefined && !isUnread)
      throw forbiddenEarly(admission, `no PriorityClass with name ${name} was found`);
    return found;
  };
  return {
    name: 'Priority',
    mutate(admission) {
      const pod = admission.object as Pod;
      if (isNewPod(admission) && pod.spec !== undefined) {
        const found = classOf(admission, pod.spec.priorityClassName ?? '');
        // A recorded number whose class was not read stands.
        if (found === undefined && pod.spec.priority !== undefined && isUnread) return pod;
        return prioritised(admission, pod, found);
      }
      return admission.operation === 'UPDATE' && isPodItself(admission) ? kept(pod, admission.previous as Pod) : pod;
    },
    validate(admission) {
      const { type, operation, name } = admission;
      if (kindKey(type) !== 'scheduling.k8s.io/PriorityClass') return;
      if (operation === 'DELETE') return checkDeletable(admission);
      if ((admission.object as PriorityClass).globalDefault !== true) return;
      const other = byDefault();
      if (other !== undefined && (operation === 'CREATE' || other.metadata.name !== name))
        throw forbiddenLate(
          admission,
          `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
        );
    },
  };
}

function checkDeletable(admission: Admission): void {
  if (SYSTEM_PRIORITIES.has(admission.name))
    throw forbidden(admission.type, admission.name, 'this is a system priority class and cannot be deleted');
}

function prioritised(admission: Admission, pod: Pod, found: PriorityClass | undefined): Pod {
  const { priority, preemptionPolicy } = pod.spec ?? {};
  const { value, preemptionPolicy: policy = 'PreemptLowerPriority' } = found ?? NO_CLASS;
  if (priority !== undefined && priority !== value)
    throw forbiddenEarly(
      admission,
      `the integer value of priority (${priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  if (preemptionPolicy !== undefined && preemptionPolicy !== policy)
    throw forbiddenEarly(
      admission,
      `the string value of PreemptionPolicy (${preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  const named = found === undefined ? {} : { priorityClassName: found.metadata.name };
  return withSpec(pod, { ...named, priority: value, preemptionPolicy: policy });
}

/** An update that leaves the number out does not mean to take it away. */
function kept(pod: Pod, previous: Pod): Pod {
  const { priority, preemptionPolicy } = previous.spec ?? {};
  if (pod.spec === undefined || pod.spec.priority !== undefined || priority === undefined) return pod;
  return withSpec(pod, { priority, ...(preemptionPolicy === undefined ? {} : { preemptionPolicy }) });
}
