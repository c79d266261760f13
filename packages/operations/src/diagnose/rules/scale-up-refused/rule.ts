/** The autoscaler wanted nodes and the cloud, or a limit, refused them. */
import { unschedulablePods } from '../../nodes/node-pods.ts';
import { unique } from '../../order.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { refusedScaleUps, type RefusedScaleUp } from '../../nodes/refused-scale-up.ts';

/** Refusals that say nothing of their own about why. */
const SILENT: ReadonlySet<string> = new Set(['backoff', 'max-size', 'placement', 'not-ready']);

const WHY: Readonly<Record<string, string>> = {
  quota: 'a cloud quota is exceeded',
  'stock-out': 'the zone has no machines of this type left',
  'ip-space': 'the subnet has no addresses left for pods or nodes',
  permission: 'a permission is missing',
  'service-account': "the nodes' service account was deleted",
  reservation: 'the reservation cannot be used',
  timeout: 'the nodes did not appear in time',
  'cluster-limit': "the autoscaler's own limit on CPU, memory or nodes is reached",
};

/** Facts: cause, metrics, region, zones, groups, pods (namespace/name). */
export const rule: Rule = {
  code: 'scale-up-refused',
  title: 'Scale-up was refused',
  severity: 'high',
  explanation:
    "The cluster autoscaler tried to add nodes and could not: quota, stock-out, exhausted IP space, a missing permission or a node that never came. They are told apart by the words of the event, the back-off in the autoscaler status and the visibility log; GKE's pod event alone names neither metric nor region. The rule stays silent while no pod waits for a node, so that a refusal of yesterday is none of today.",
  remediation: {
    class: 'add-capacity',
    text: 'Free or raise what is exhausted, choose another zone or machine family on a stock-out, or lower requests so that no node is needed.',
  },
  aliases: { gcpdiag: ['gke/ERR/2021_006', 'gke/WARN/2024_001'] },
  needs: [],
  *check(examination) {
    const waiting = new Set(unschedulablePods(examination).map(podName));
    if (waiting.size === 0) return;
    const refusals = refusedScaleUps(examination).filter(({ refusal }) => !SILENT.has(refusal.cause));
    const groups = Map.groupBy(refusals, ({ refusal }) => refusal.cause);
    for (const cause of [...groups.keys()].sort()) {
      const group = groups.get(cause) ?? [];
      const pods = unique(group.flatMap((one) => one.pods)).filter((pod) => waiting.has(pod));
      const metrics = unique(group.flatMap(({ refusal }) => refusal.metric ?? []));
      const region = group.find(({ refusal }) => refusal.region !== undefined)?.refusal.region;
      const zones = unique(group.flatMap((one) => one.zones));
      yield {
        resource: {
          group: 'autoscaling.k8s.io',
          kind: 'ClusterAutoscaler',
          namespace: 'kube-system',
          name: 'cluster-autoscaler',
        },
        part: cause,
        message: `Scale-up${zones.length === 0 ? '' : ` in ${zones.join(', ')}`} was refused because ${WHY[cause] ?? 'the cloud gave another reason'}${metrics.length === 0 ? '' : ` (${metrics.join(', ')})`}; ${pods.length} pending ${pods.length === 1 ? 'pod waits' : 'pods wait'} for it.`,
        evidence: pick(group),
        facts: {
          cause,
          metrics,
          zones,
          groups: unique(group.flatMap((one) => one.groups)),
          pods,
          ...(region !== undefined && { region }),
        },
        since: Math.min(...group.map((one) => one.at ?? Number.POSITIVE_INFINITY), examination.now),
      };
    }
  },
};

/** At most two of each kind of source, the ones that name a metric first. */
function pick(group: readonly RefusedScaleUp[]) {
  const telling = group.toSorted(
    (a, b) => Number(b.refusal.metric !== undefined) - Number(a.refusal.metric !== undefined),
  );
  return [
    ...Map.groupBy(telling, ({ evidence }) =>
      evidence.kind === 'cloud' ? evidence.source.slice(0, 17) : evidence.kind,
    ).values(),
  ].flatMap((some) => some.slice(0, 2).map(({ evidence }) => evidence));
}
