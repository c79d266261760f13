/** Requests that say what containers use, where their node ran short because they say less. */
import {
  amountOf,
  fitPods,
  formatBytes,
  readableBytes,
  refOf,
  refText,
  type Container,
  type KubeObject,
  type Pod,
  type PodSpec,
} from '@aia/cluster';
import type { AssessedEvidence, AssessedFinding, AssessedRootCause } from '@aia/contract';
import { parseEviction } from '../../../diagnose/messages/eviction.ts';
import { autoscaledOf } from '../../capacity/autoscaled.ts';
import { roundedMemory } from '../../capacity/container-size.ts';
import { heapFloorOf } from '../../capacity/heap-floor.ts';
import { poolGrowths } from '../../capacity/pool-growth.ts';
import { quotasForRollouts } from '../../capacity/quota-needs.ts';
import { brokenBounds } from '../../capacity/room.ts';
import { podsByOwner } from '../../capacity/workload-pods.ts';
import { usesOf } from '../../capacity/workload-usage.ts';
import { byPerson } from '../../network/by-person.ts';
import { templateOf, type Planning, type Template } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { resourceQuotaDraft } from '../adjust-resource-quota/quota-draft.ts';
import { quotaDraftsFor } from '../request-quota/node-quota.ts';

const MINUTE = 60_000;

/** Proposes requests of memory and local storage at what was used, so that pods are placed where there is room. */
export const raiseRequests: ActionKind = {
  kind: 'raise-requests',
  title: 'Raise requests to what is used',
  explanation:
    'Where a node ran out of memory or storage and its kernel or kubelet ended a container that asked for less than it used: sets the request to the highest use that was measured, or that the kubelet names, with the margin of the policy, and never below a heap that a runtime was told to take. The scheduler then places its pods where there is so much. A limit that would be lower goes up with it, and none is set where there was none. The pods must find nodes by the scheduling filters, if need be on nodes that a pool may add, for which quota is asked; a ResourceQuota without room is raised first. It is a step for a person where nothing was measured, a LimitRange forbids it, or no node takes such pods; it refuses where a VerticalPodAutoscaler sets the requests.',
  capability: 'capacity',
  prior: {
    alpha: 8,
    beta: 2,
    basis: 'what is requested is kept for its pod; others on the node may still exceed theirs',
  },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) =>
    planning.causesOf('node-out-of-memory', 'usage-above-request').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

type Resource = 'memory' | 'ephemeral-storage';

/** A container whose request goes up. */
interface Raise {
  readonly container: Container;
  readonly isInit: boolean;
  readonly resource: Resource;
  readonly from: number;
  /** What it was seen to use, and by whom. */
  readonly used: number;
  readonly source: string;
  readonly isHistory: boolean;
  readonly to: number;
}

interface About {
  readonly cause: AssessedRootCause;
  readonly workload: KubeObject;
  readonly template: Template;
  readonly planning: Planning;
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const workload = planning.workloadOf(cause.resource);
  const template = workload === undefined ? undefined : templateOf(workload);
  if (workload === undefined || template === undefined || workload.kind === 'Job') return undefined;
  if (autoscaledOf(workload, planning.snapshot).setBy !== undefined) return undefined;
  const about = { cause, workload, template, planning };
  const raises = raisesOf(about);
  if (raises === undefined) return asked(about, 'nothing that was read says how much it uses');
  if (raises.length === 0) return undefined;
  const after = withRequests(template, raises);
  const before = template.spec as unknown as PodSpec;
  const [broken] = brokenBounds(before, after, workload.metadata.namespace ?? '', planning.snapshot);
  if (broken !== undefined) return asked(about, `a LimitRange would refuse it: ${broken.text}`);
  const room = roomFor(after, about);
  if (room === undefined) return asked(about, 'no node, and none that a pool may add, has room for such pods');
  return remedyOf(raises, after, room, about);
}

/** `undefined` where nothing was measured; empty where it asks for as much already. */
function raisesOf(about: About): readonly Raise[] | undefined {
  const { cause, template, workload, planning } = about;
  const seen = seenOf(about);
  // Whoever exceeds a limit of its own is not helped by a request.
  if (seen.size === 0 && cause.class === 'usage-above-request') return [];
  const uses = usesOf(workload, planning);
  const { memoryMargin } = planning.policy.rightSizing;
  const raises = [...seen].map(([name, { resource, used, source }]): Raise | undefined => {
    const isInit = template.initContainers.some((one) => one.name === name);
    const container = [...template.containers, ...template.initContainers].find((one) => one.name === name);
    const use = uses.find((one) => one.container === name);
    const peak = resource === 'memory' ? (use?.memoryPeakBytes ?? 0) : 0;
    const most = Math.max(used, peak);
    if (container === undefined || most === 0) return undefined;
    const { requests, limits } = container.resources ?? {};
    const from = amountOf('memory', requests?.[resource] ?? limits?.[resource] ?? '0') ?? 0;
    const heap = resource === 'memory' ? (heapFloorOf(container)?.bytes ?? 0) : 0;
    const to = roundedMemory(Math.max(most * (1 + memoryMargin), heap));
    const isHistory = peak >= used && use?.isSufficient === true;
    return { container, isInit, resource, from, used: most, source: peak > used ? 'measured' : source, isHistory, to };
  });
  if (raises.length === 0 || raises.some((one) => one === undefined)) return undefined;
  return raises.filter((one) => one !== undefined && one.to > one.from) as readonly Raise[];
}

interface Seen {
  readonly resource: Resource;
  readonly used: number;
  readonly source: string;
}

/** By container: the most that findings and the words of kubelets tell. */
function seenOf(about: About): ReadonlyMap<string, Seen> {
  const found = new Map<string, Seen>();
  const all = about.planning.findingsOf(about.cause).flatMap((one) => [...killedBy(one), ...evictedBy(one, about)]);
  for (const one of all) {
    const known = found.get(one.name);
    if (known === undefined || known.used < one.used) found.set(one.name, one);
  }
  return found;
}

function killedBy({ code, facts }: AssessedFinding): readonly (Seen & { readonly name: string })[] {
  const name = String(facts['container'] ?? '');
  if (code !== 'container-oom-killed' || name === '') return [];
  return [{ name, resource: 'memory', used: Number(facts['workingSetBytes'] ?? 0), source: 'measured' }];
}

/** By the pods of the workload that were evicted, of which the finding names one or their workload. */
function evictedBy(
  { code }: AssessedFinding,
  { workload, planning }: About,
): readonly (Seen & { readonly name: string })[] {
  if (code !== 'pod-evicted') return [];
  const { snapshot } = planning;
  const pods = snapshot
    .listIn('Pod', workload.metadata.namespace ?? '')
    .filter((pod) => pod.status?.reason === 'Evicted' && snapshot.rootOwnerOf(pod) === workload);
  return pods.flatMap(({ status }) => {
    const said = parseEviction(status?.reason ?? '', status?.message ?? '');
    const resource = said?.resource;
    if (said?.cause !== 'node-pressure' || (resource !== 'memory' && resource !== 'ephemeral-storage')) return [];
    return said.containers.slice(0, 1).map(({ name, used = '0' }) => ({
      ...{ name, resource, used: amountOf('memory', used) ?? 0 },
      source: 'said by the kubelet that evicted it',
    }));
  });
}

/** The spec of a pod with these requests; a limit that would be lower goes up as well. */
function withRequests({ spec }: Template, raises: readonly Raise[]): PodSpec {
  const raised = (container: Container): Container => {
    const own = raises.filter((one) => one.container.name === container.name);
    return own.reduce((now, one) => ({ ...now, resources: merged(now.resources, amountsOf(one)) }), container);
  };
  const pod = spec as unknown as PodSpec;
  return {
    ...pod,
    containers: pod.containers.map(raised),
    ...(pod.initContainers !== undefined && { initContainers: pod.initContainers.map(raised) }),
  };
}

type Resources = NonNullable<Container['resources']>;

function merged(now: Resources | undefined, { requests, limits }: Resources): Resources {
  return {
    ...now,
    requests: { ...now?.requests, ...requests },
    ...((now?.limits !== undefined || limits !== undefined) && { limits: { ...now?.limits, ...limits } }),
  };
}

function amountsOf({ container, resource, from, to }: Raise): Resources {
  const limit = container.resources?.limits?.[resource];
  const bytes = limit === undefined ? Infinity : (amountOf('memory', limit) ?? 0);
  // Guaranteed pods stay so.
  const isRaised = bytes < to || bytes === from;
  const amount = { [resource]: formatBytes(to) };
  return { requests: amount, ...(isRaised && { limits: amount }) };
}

/** Quota requests that its pods need before they find nodes; `undefined` where they find none. */
function roomFor(after: PodSpec, { workload, planning }: About): readonly ActionDraft[] | undefined {
  const { world } = planning.examination;
  const own = podsByOwner(planning.snapshot).get(workload) ?? [];
  const free = world.fork();
  for (const pod of own) if ((pod.spec?.nodeName ?? '') !== '') free.remove(pod, pod.spec?.nodeName ?? '');
  const next = own.map((pod): Pod => ({ ...pod, spec: { ...pod.spec, ...after, nodeName: '' } as PodSpec }));
  const waiting = fitPods(next, free).placements.filter(({ node }) => node === undefined);
  if (waiting.length === 0) return [];
  const [growth] = poolGrowths(
    waiting.map(({ pod }) => pod),
    planning,
  );
  if (growth === undefined || growth.fits < growth.pods) return undefined;
  const { pool, nodes, more, short } = growth;
  if ((pool.autoscaling?.maxNodes ?? 0) < nodes + more) return undefined;
  return quotaDraftsFor(short, `${more} more nodes of ${pool.name}`, planning);
}

function remedyOf(raises: readonly Raise[], after: PodSpec, room: readonly ActionDraft[], about: About): Remedy {
  const { cause, workload, planning } = about;
  const { name } = workload.metadata;
  const short = quotasForRollouts([{ workload, spec: after }], planning);
  const quotas = [...short].map(([quota, hard]) =>
    resourceQuotaDraft(quota, hard, `The quota has no room for pods of ${workload.kind} ${name} with higher requests.`),
  );
  const before = [...room, ...quotas];
  const draft = raiseDraft(raises, about);
  return {
    title: draft.title,
    resolves: [cause.id],
    fit: 0.85,
    drafts: [...before, { ...draft, ...(before.length > 0 && { after: before.map(draftId) }) }],
  };
}

function raiseDraft(raises: readonly Raise[], { cause, workload, template, planning }: About): ActionDraft {
  const target = refOf(workload);
  const percent = Math.round(planning.policy.rightSizing.memoryMargin * 100);
  const patch = (isInit: boolean) =>
    raises
      .filter((one) => one.isInit === isInit)
      .map((one) => ({ name: one.container.name, resources: amountsOf(one) }));
  const spec = {
    ...(patch(false).length > 0 && { containers: patch(false) }),
    ...(patch(true).length > 0 && { initContainers: patch(true) }),
  };
  const scaledBy = autoscaledOf(workload, planning.snapshot).scaledBy.get('memory');
  return {
    kind: raiseRequests.kind,
    title: `Raise the ${[...new Set(raises.map(({ resource }) => resource))].join(' and ')} request of ${refText(target)}`,
    target,
    reason: [
      `${cause.title}.`,
      ...raises.map(
        ({ container, resource, from, used, source, to }) =>
          `Container ${container.name} used ${readableBytes(used)} of ${resource} (${source}) and asks for ${from === 0 ? 'none' : formatBytes(from)}; ${formatBytes(to)} leaves a margin of at least ${percent} %.`,
      ),
      'The scheduler then places its pods only where there is so much.',
    ].join(' '),
    evidence: [...raises.flatMap((one) => metricOf(one, workload)), ...cause.evidence.slice(0, 3)],
    confidence: raises.every(({ isHistory }) => isHistory) ? 0.85 : 0.65,
    changes: [
      {
        kind: 'patch',
        target,
        patch: {
          type: 'strategic',
          patch: template.path
            .toReversed()
            .reduce<Record<string, unknown>>((inner, one) => ({ [one]: inner }), { spec }),
        },
      },
    ],
    probe: { conditions: [{ kind: 'available', target }], withinMs: 20 * MINUTE, soakMs: 10 * MINUTE },
    risks: [
      { reason: 'it may use more than was seen, and others on its node may still exceed their requests', adds: 0.04 },
      ...(scaledBy === undefined
        ? []
        : [{ reason: `HorizontalPodAutoscaler ${scaledBy} scales by a share of its memory request`, adds: 0.08 }]),
    ],
  };
}

function metricOf({ container, resource, used }: Raise, workload: KubeObject): AssessedEvidence {
  return {
    ...{ kind: 'metric', resource: refOf(workload), unit: 'bytes', samples: 1, spanMs: 0 },
    ...{ name: `${resource} of ${container.name}, highest seen`, value: Math.round(used) },
  };
}

/** What a person can find out. */
function asked({ cause, workload }: About, why: string): Remedy {
  const target = refOf(workload);
  const { namespace = '' } = workload.metadata;
  return byPerson(cause, {
    kind: raiseRequests.kind,
    title: `Find out what ${refText(target)} needs`,
    target,
    instruction: `No request can be told for ${refText(target)}: ${why}. Watch what its pods use for a day under load (kubectl top pod --namespace ${namespace} --containers, or the container metrics of the monitoring), and request the peak with a fifth to spare; if no node has so much, give it machines with more memory, or fewer neighbours.`,
    statement: `${refText(target)} asks for what it uses`,
    fit: 0.4,
  });
}
