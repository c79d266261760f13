/** Namespaces may ask for more than the cluster has. */
import { amountOf, readableBytes, type ResourceQuota } from '@aia/cluster';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { mayGrow } from '../../nodes/growth.ts';
import type { Rule } from '../../rule.ts';

/** Quotas ÷ allocatable from which it is no longer a usual overbooking, as the mixin's alert has it. */
const FAR = 1.5;

const RESOURCES = [
  {
    name: 'CPU',
    field: 'cpuMillis',
    keys: ['requests.cpu', 'cpu'],
    text: (n: number) => `${Number((n / 1000).toFixed(1))} CPU`,
  },
  { name: 'memory', field: 'memoryBytes', keys: ['requests.memory', 'memory'], text: readableBytes },
] as const;

/** Facts: resource (`CPU` or `memory`), quotas, allocatable (millicores or bytes), namespaces. */
export const rule: Rule = {
  code: 'namespace-quota-overcommitted',
  title: 'Namespace quotas exceed the cluster',
  severity: 'low',
  explanation:
    'The ResourceQuotas of all namespaces together allow more CPU or memory requests than the nodes offer: a namespace can be within its ' +
    'quota and its pods still find no node. It is low beyond one and a half times the cluster, information below that, and information ' +
    'wherever the cluster can grow by itself, since overbooking is usual and may be meant. The tightest quota of each namespace counts; ' +
    'quotas with scopes are left out. The rule stays silent where no quota limits requests.',
  remediation: { class: 'add-capacity', text: 'Add nodes, or lower the quotas until they share out what there is.' },
  aliases: { mixin: ['KubeCPUQuotaOvercommit', 'KubeMemoryQuotaOvercommit'] },
  needs: ['nodes'],
  *check(examination) {
    for (const one of RESOURCES) {
      const draft = overcommitted(examination, one);
      if (draft !== undefined) yield draft;
    }
  },
};

function overcommitted(
  { snapshot, world }: Examination,
  { name, field, keys, text }: (typeof RESOURCES)[number],
): FindingDraft | undefined {
  const tightest = new Map<string, number>();
  for (const quota of snapshot.list('ResourceQuota')) {
    const hard = hardOf(quota, keys);
    const { namespace = '' } = quota.metadata;
    if (hard !== undefined)
      tightest.set(namespace, Math.min(hard, tightest.get(namespace) ?? Number.POSITIVE_INFINITY));
  }
  const quotas = [...tightest.values()].reduce((sum, hard) => sum + hard, 0);
  const allocatable = world.nodes.reduce((sum, node) => sum + node.allocatable[field], 0);
  if (allocatable === 0 || quotas <= allocatable) return undefined;
  const times = Number((quotas / allocatable).toFixed(1));
  const namespaces = [...tightest.keys()].sort();
  return {
    resource: { group: '', kind: 'Cluster', namespace: '', name: 'namespace quotas' },
    part: name,
    severity: quotas > FAR * allocatable && !mayGrow(snapshot) ? 'low' : 'info',
    message: `The quotas of ${namespaces.length} ${namespaces.length === 1 ? 'namespace allows' : 'namespaces allow'} requests of ${text(quotas)}${name === 'CPU' ? '' : ' of memory'}, ${times} times the ${text(allocatable)} that the nodes offer.`,
    evidence: [
      {
        kind: 'calculation',
        text: `tightest quota for ${name} requests of each namespace, summed up over ${namespaces.slice(0, 10).join(', ')}${namespaces.length > 10 ? ' and others' : ''}: ${text(quotas)}; allocatable of all nodes: ${text(allocatable)}`,
      },
    ],
    facts: { resource: name, quotas, allocatable, namespaces },
  };
}

/** The tightest of the keys that mean the same; scopes make a quota one for some pods only. */
function hardOf({ spec }: ResourceQuota, keys: readonly string[]): number | undefined {
  if ((spec?.scopes ?? []).length > 0 || spec?.scopeSelector !== undefined) return undefined;
  const limits = keys.flatMap((key) => {
    const hard = spec?.hard?.[key];
    return hard === undefined ? [] : (amountOf(key, hard) ?? []);
  });
  return limits.length === 0 ? undefined : Math.min(...limits);
}
