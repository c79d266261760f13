/** More memory for containers that were killed for using more than they may. */
import {
  amountOf,
  formatBytes,
  readableBytes,
  refText,
  refOf,
  type Container,
  type KubeObject,
  type PodSpec,
} from '@aia/cluster';
import type { AssessedEvidence, AssessedFinding, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { amountsOf, roundedMemory, type ContainerSize } from '../../capacity/container-size.ts';
import { heapFloorOf } from '../../capacity/heap-floor.ts';
import { quotasForRollouts } from '../../capacity/quota-needs.ts';
import { brokenBounds, largestNodeBytes } from '../../capacity/room.ts';
import { withSizes } from '../../capacity/sizing.ts';
import { unmeasured, usesOf } from '../../capacity/workload-usage.ts';
import { templateOf, type Planning, type Template } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { resourceQuotaDraft } from '../adjust-resource-quota/quota-draft.ts';
import { resourcesPatch } from '../right-size-requests/right-size-draft.ts';

const MINUTE = 60_000;

/** Proposes a higher memory limit: what the container took when it might, else a step beyond what cut it off. */
export const raiseLimits: ActionKind = {
  kind: 'raise-limits',
  title: 'Raise memory limits',
  explanation:
    'Gives a container that the kernel killed at its memory limit a higher one: what its pods took under an earlier, higher limit, with the margin of the policy; else that earlier limit itself; else, since a use that is cut off does not tell the need, twice the limit and at least the highest use with the margin for what was OOM-killed. Never below a heap that a runtime was told to take. Guaranteed pods stay so. Where memory grows without bound it is a stopgap, and says so. A ResourceQuota without room is raised with it; it refuses where a LimitRange forbids the limit or no node has so much memory.',
  capability: 'capacity',
  prior: {
    alpha: 8,
    beta: 2,
    basis: 'a limit above the measured need ends the kills; a need that was cut off may be higher still',
  },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) =>
    planning
      .causesOf('memory-limit-too-low', 'memory-grows', 'container-oom-killed', 'container-memory-near-limit')
      .flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const workload = planning.workloadOf(cause.resource);
  const template = workload === undefined ? undefined : templateOf(workload);
  if (workload === undefined || template === undefined || workload.kind === 'Job') return [];
  const killed = Map.groupBy(
    planning
      .findingsOf(cause)
      .filter(({ code }) => code === 'container-oom-killed' || code === 'container-memory-near-limit'),
    ({ facts }) => String(facts['container'] ?? ''),
  );
  const about = { workload, template, cause, planning };
  const raises = [...killed].flatMap(([name, findings]) => raiseOf(name, findings, about) ?? []);
  return raises.length === 0 || boundsBroken(raises, about) ? [] : [remedyOf(raises, about)];
}

interface About {
  readonly workload: KubeObject;
  readonly template: Template;
  readonly cause: AssessedRootCause;
  readonly planning: Planning;
}

/** A new limit of one container, and what it rests on. */
interface Raise {
  readonly size: ContainerSize;
  readonly from: number;
  readonly to: number;
  readonly basis: Basis;
}

interface Basis {
  readonly bytes: number;
  readonly confidence: number;
  readonly words: string;
  readonly evidence: readonly AssessedEvidence[];
}

function raiseOf(name: string, findings: readonly AssessedFinding[], about: About): Raise | undefined {
  const { workload, template, planning } = about;
  const container = [...template.containers, ...template.initContainers].find((one) => one.name === name);
  const before =
    container === undefined
      ? undefined
      : { requests: amountsOf(container, 'requests'), limits: amountsOf(container, 'limits') };
  const from = before?.limits.memory;
  if (container === undefined || before === undefined || from === undefined) return undefined;
  const basis = basisOf(container, from, findings, about);
  const to = roundedMemory(Math.max(basis.bytes, heapFloorOf(container)?.bytes ?? 0));
  if (to <= from || to > largestNodeBytes(planning.snapshot)) return undefined;
  const use = usesOf(workload, planning).find((one) => one.container === name) ?? unmeasured(name);
  const isEqual = (before.requests.memory ?? from) === from;
  const size = { name, requests: isEqual ? { memory: to } : {}, limits: { memory: to }, before, use };
  return { size, from, to, basis };
}

/** The best of what tells the need. */
function basisOf(container: Container, limit: number, findings: readonly AssessedFinding[], about: About): Basis {
  const { memoryMargin, oomMargin } = about.planning.policy.rightSizing;
  const most = (fact: string) => Math.max(0, ...findings.map(({ facts }) => Number(facts[fact] ?? 0)));
  const earlier = most('earlierWorkingSetBytes');
  const evidence = findings.flatMap((one) => one.evidence).slice(0, 3);
  if (earlier > limit)
    return {
      bytes: earlier * (1 + memoryMargin),
      confidence: 0.9,
      words: `under an earlier, higher limit it took up to ${readableBytes(earlier)}, to which a margin of ${Math.round(memoryMargin * 100)} % is added`,
      evidence,
    };
  const revision = earlierLimit(container, limit, about);
  if (revision !== undefined)
    return {
      bytes: revision.bytes,
      confidence: 0.85,
      words: `an earlier revision was given ${formatBytes(revision.bytes)}`,
      evidence: [...revision.evidence, ...evidence],
    };
  const peak = Math.max(limit, most('workingSetBytes'));
  return {
    bytes: Math.max(2 * limit, peak * (1 + oomMargin)),
    confidence: 0.6,
    words:
      'its use is cut off by the limit, so that its need is not known: the limit is doubled, and has to be looked at again',
    evidence,
  };
}

/** The highest limit that an earlier revision gave the container. */
function earlierLimit({ name }: Container, limit: number, { workload, planning }: About) {
  const found = planning.snapshot
    .ownedBy(workload)
    .flatMap((set) => {
      const own = templateOf(set)?.containers.find((one) => one.name === name)?.resources?.limits?.['memory'];
      const bytes = own === undefined ? undefined : amountOf('memory', own);
      return bytes === undefined || bytes <= limit
        ? []
        : [
            {
              bytes,
              evidence: [
                fieldEvidence(set, `spec.template.spec.containers[name=${name}].resources.limits.memory`, String(own)),
              ],
            },
          ];
    })
    .toSorted((a, b) => b.bytes - a.bytes);
  return found[0];
}

function remedyOf(raises: readonly Raise[], about: About): Remedy {
  const { workload, cause } = about;
  const draft = raiseDraft(raises, about);
  const quotas = quotaDrafts(raises, about);
  const grows = cause.class === 'memory-grows';
  return {
    title: draft.title,
    resolves: [cause.id],
    fit: grows ? 0.4 : fitOf(raises, about),
    drafts: [
      ...quotas,
      { ...draft, ...(quotas.length > 0 && { after: quotas.map(draftId) }), target: refOf(workload) },
    ],
  };
}

/** A need that is not known, of a program that was changed since it ran well, is better looked for in that change. */
function fitOf(raises: readonly Raise[], { workload, planning }: About): number {
  if (raises.every(({ basis }) => basis.confidence >= 0.85)) return 1;
  const revisions = planning.snapshot
    .ownedBy(workload)
    .filter(({ kind }) => kind === 'ReplicaSet' || kind === 'ControllerRevision');
  return revisions.length > 1 ? 0.55 : 0.85;
}

function raiseDraft(raises: readonly Raise[], { workload, cause }: About): ActionDraft {
  const name = refText(refOf(workload));
  const grows = cause.class === 'memory-grows';
  const steps = raises.map(({ size, from, to }) => `${size.name} from ${formatBytes(from)} to ${formatBytes(to)}`);
  return {
    kind: 'raise-limits',
    title: `Raise the memory limit of ${steps.join(', ')} in ${name}`,
    target: refOf(workload),
    reason: [
      `${cause.title}.`,
      ...raises.map(({ size, to, basis }) => `${size.name} gets ${formatBytes(to)}: ${basis.words}.`),
      ...(grows
        ? ['Its memory grows without bound, so that this only puts the next kill off until the program is mended.']
        : []),
    ].join(' '),
    evidence: raises.flatMap(({ basis }) => basis.evidence).slice(0, 6),
    confidence: Math.min(...raises.map(({ basis }) => basis.confidence)) * (grows ? 0.7 : 1),
    changes: [resourcesPatch({ workload, containers: raises.map(({ size }) => size) })],
    probe: { conditions: [{ kind: 'available', target: refOf(workload) }], withinMs: 15 * MINUTE, soakMs: 10 * MINUTE },
    risks: [{ reason: 'memory that it uses more is missing elsewhere on its node', adds: 0.04 }],
  };
}

function boundsBroken(raises: readonly Raise[], about: About): boolean {
  const { workload, template, planning } = about;
  const spec = template.spec as unknown as PodSpec;
  return brokenBounds(spec, resized(raises, about), workload.metadata.namespace ?? '', planning.snapshot).length > 0;
}

function resized(raises: readonly Raise[], { template }: About): PodSpec {
  return withSizes(
    template.spec as unknown as PodSpec,
    raises.map(({ size }) => size),
  );
}

/** Quotas of limits that do not take the rollout to the new size. */
function quotaDrafts(raises: readonly Raise[], about: About): readonly ActionDraft[] {
  const { workload, planning } = about;
  const short = quotasForRollouts([{ workload, spec: resized(raises, about) }], planning);
  return [...short].map(([quota, hard]) =>
    resourceQuotaDraft(
      quota,
      hard,
      `The quota has no room for a pod of ${workload.kind} ${workload.metadata.name} with more memory.`,
    ),
  );
}
