/**
 * On which nodes pods of a DaemonSet belong.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#how-daemon-pods-are-scheduled; `pkg/controller/daemon`
 */
import type { DaemonSet, Node, Pod, PodSpec } from '../../../model/kinds.ts';
import { matchesLabels } from '../../../model/selector.ts';
import { tolerates } from '../../../scheduling/filters/node-selection.ts';
import { matchesNodeTerms, namedNodes } from '../../../scheduling/node-terms.ts';

type Toleration = NonNullable<PodSpec['tolerations']>[number];

const NODE = 'node.kubernetes.io';
const exists = (key: string, effect: string): Toleration => ({ key: `${NODE}/${key}`, operator: 'Exists', effect });

/** What daemon pods tolerate beside what their template says. */
const ALWAYS_TOLERATED: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
];
const ON_HOST_NETWORK = exists('network-unavailable', 'NoSchedule');

/** Whether a pod is to be started on a node, and whether one that is there may stay. */
export interface Placement {
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
}

const NOWHERE: Placement = { shouldRun: false, mayStay: false };

export function placementOn(node: Node, { spec }: DaemonSet): Placement {
  const template: PodSpec = spec?.template.spec ?? { containers: [] };
  const { nodeName = '', nodeSelector = {}, affinity } = template;
  const { name, labels } = node.metadata;
  if (nodeName !== '' && nodeName !== name) return NOWHERE;
  if (!matchesLabels(nodeSelector, labels)) return NOWHERE;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms !== undefined && !matchesNodeTerms(terms, name, labels)) return NOWHERE;
  const tolerations = tolerationsOf(template);
  const keepingOut = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint),
  );
  return {
    shouldRun: keepingOut.length === 0,
    mayStay: keepingOut.every(({ effect }) => effect !== 'NoExecute'),
  };
}

/** The template's tolerations and those that all daemon pods have. */
function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  const always = hostNetwork === true ? [...ALWAYS_TOLERATED, ON_HOST_NETWORK] : ALWAYS_TOLERATED;
  const isSame = (a: Toleration) => (b: Toleration) =>
    a.key === b.key && (a.effect ?? '') === (b.effect ?? '') && (a.operator ?? 'Equal') === (b.operator ?? 'Equal');
  return [
    ...tolerations.map((one) => always.find(isSame(one)) ?? one),
    ...always.filter((one) => !tolerations.some(isSame(one))),
  ];
}

/** The template's pod for one node: the scheduler may put it nowhere else. */
export function specOn(nodeName: string, spec: PodSpec): PodSpec {
  const { affinity } = spec;
  const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }];
  return {
    ...spec,
    affinity: {
      ...affinity,
      nodeAffinity: {
        ...affinity?.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
      },
    },
    tolerations: tolerationsOf(spec),
  };
}

/** The node that a pod is on, or is meant for; `''` for none. */
export function targetNode({ spec }: Pod): string {
  if ((spec?.nodeName ?? '') !== '') return spec?.nodeName as string;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const [name = ''] = namedNodes(required?.nodeSelectorTerms) ?? [];
  return name;
}
