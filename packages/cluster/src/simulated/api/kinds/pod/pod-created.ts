/** How a pod begins: its quality of service, its gates, its spread keys. Source: `PrepareForCreate` in `pkg/registry/core/pod/strategy.go`. */
import { amountOf } from '../../../../model/quantity.ts';
import { isRecord, type Json } from '../../../../model/unknown-json.ts';
import type { Preparation } from '../created.ts';
import { withField } from '../default-rule.ts';

const GATED = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
};

/** The pod with selectors complete and the status it begins with. */
export const podCreated: Preparation = (pod) => {
  const { labels } = pod['metadata'] as { labels?: Json };
  const spec = withSpreadKeys(pod['spec'] as Json, labels ?? {});
  const begin = { phase: 'Pending', qosClass: qosClassOf(spec) };
  const isGated = listOf(spec['schedulingGates']).length > 0;
  return { ...pod, spec, status: isGated ? { ...begin, conditions: [GATED] } : begin };
};

/** Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
export function qosClassOf(spec: Json): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const level = spec['resources'];
  const holders = isRecord(level)
    ? [level]
    : [...listOf(spec['containers']), ...listOf(spec['initContainers'])].map(({ resources }) => resources);
  let isAsked = false;
  let isGuaranteed = true;
  for (const holder of holders) {
    const { requests = {}, limits = {} } = (holder ?? {}) as { requests?: Amounts; limits?: Amounts };
    for (const name of ['cpu', 'memory'] as const) {
      const [request, limit] = [amount(name, requests[name]), amount(name, limits[name])];
      if (request > 0 || limit > 0) isAsked = true;
      if (limit === 0 || (requests[name] !== undefined && request !== limit)) isGuaranteed = false;
    }
  }
  if (!isAsked) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

type Amounts = Readonly<Record<string, string | number | undefined>>;

function amount(name: string, quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : (amountOf(name, quantity) ?? 0);
}

/** Values of `matchLabelKeys` go into the selector, as the scheduler reads only that. */
function withSpreadKeys(spec: Json, labels: Json): Json {
  const constraints = spec['topologySpreadConstraints'];
  if (!Array.isArray(constraints) || !constraints.some(({ matchLabelKeys }) => Array.isArray(matchLabelKeys)))
    return spec;
  return withField(
    spec,
    'topologySpreadConstraints',
    constraints.map((constraint: Json) => withKeys(constraint, labels)),
  );
}

function withKeys(constraint: Json, labels: Json): Json {
  const keys = (constraint['matchLabelKeys'] ?? []) as readonly string[];
  const selector = constraint['labelSelector'];
  const added = keys
    .filter((key) => Object.hasOwn(labels, key))
    .map((key) => ({ key, operator: 'In', values: [labels[key]] }));
  if (added.length === 0 || !isRecord(selector)) return constraint;
  const matchExpressions = [...((selector['matchExpressions'] ?? []) as readonly Json[]), ...added];
  return { ...constraint, labelSelector: { ...selector, matchExpressions } };
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
