/** Commands that an image does not have, put right from the revision before and from others that run the image. */
import { refKey, refOf, refText, sameJson, type ClusterSnapshot, type Container, type KubeObject } from '@aia/cluster';
import type { AssessedEvidence, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads, namedContainer } from '../../revisions/concerned-workloads.ts';
import { containersOf, currentTemplate, earlierRevisions, type PodTemplate } from '../../revisions/revisions.ts';
import { without } from '../../rollout/without.ts';
import { templateMerged } from '../../revisions/template-change.ts';

const MINUTE = 60_000;

/** Proposes the command with which the same image runs. */
export const fixCommand: ActionKind = {
  kind: 'fix-command',
  title: 'Correct the command of a container',
  explanation:
    'Where a container names an executable that its image lacks or that cannot be run: names the command and arguments of its last revision with the same image, or the command with which all others run that very image. Refuses where the revision differs in nothing else, since a roll-back is the same then, where the others disagree, and where somebody runs the image with this very command.',
  capability: 'rollout',
  prior: { alpha: 8, beta: 2, basis: 'the image runs with that command' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning
      .causesOf('executable-missing', 'container-cannot-start')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

/** What to run, and why. */
interface Command {
  readonly command: readonly string[] | null;
  /** Absent where they stay. */
  readonly args?: readonly string[] | null;
  readonly because: string;
  readonly evidence: AssessedEvidence;
  readonly confidence: number;
  readonly fit: number;
}

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const [workload, ...others] = concernedWorkloads(cause, planning);
  const template = workload === undefined ? undefined : currentTemplate(workload);
  if (workload === undefined || template === undefined || others.length > 0 || workload.kind === 'Job')
    return undefined;
  const container = wrongOne(template, namedContainer(cause, planning));
  if (container === undefined) return undefined;
  const right =
    ofRevision(workload, template, container, planning.snapshot) ?? ofOthers(workload, container, planning.snapshot);
  if (right === undefined) return undefined;
  const { because, evidence, confidence, fit, ...fields } = right;
  const target = refOf(workload);
  const title = `Run ${wordsOf(right)} in container ${container.name} of ${refText(target)}`;
  const list = (template.spec?.initContainers ?? []).includes(container) ? 'initContainers' : 'containers';
  const draft = {
    ...{ kind: fixCommand.kind, title, target, part: container.name, confidence },
    reason: `${cause.statement} ${because}`,
    evidence: [evidence, ...cause.evidence.slice(0, 2)],
    changes: templateMerged(workload, { [list]: [{ name: container.name, ...fields }] }, planning.snapshot),
  };
  return { title, resolves: [cause.id], fit, drafts: [draft] };
}

function wordsOf({ command }: Command): string {
  return command === null ? 'what its image starts by itself' : JSON.stringify(command);
}

/** The container that fails, or the only one. */
function wrongOne(template: PodTemplate, name: string | undefined): Container | undefined {
  const [first, ...others] = containersOf(template).filter((one) => name === undefined || one.name === name);
  return others.length > 0 ? undefined : first;
}

/** As the last revision ran this image, where going back to it would take back more than the command. */
function ofRevision(
  workload: KubeObject,
  current: PodTemplate,
  container: Container,
  snapshot: ClusterSnapshot,
): Command | undefined {
  for (const { template, name, object, ready } of earlierRevisions(workload, snapshot)) {
    const before = containersOf(template).find((one) => one.name === container.name && one.image === container.image);
    if (before === undefined || isSameCommand(before, container)) continue;
    if (sameJson(withCommand(template, container), current.spec)) return undefined;
    return {
      command: before.command ?? null,
      ...(!sameJson(before.args ?? null, container.args ?? null) && { args: before.args ?? null }),
      because: `Revision ${name} runs the same image with it; what else was changed since stays.`,
      evidence: fieldEvidence(object, 'metadata.name', object.metadata.name),
      ...{ confidence: ready > 0 ? 0.95 : 0.8, fit: 0.88 },
    };
  }
  return undefined;
}

function isSameCommand(a: Container, b: Container): boolean {
  return sameJson(a.command ?? null, b.command ?? null) && sameJson(a.args ?? null, b.args ?? null);
}

/** The spec of a revision with the command of a container as it is now. */
function withCommand({ spec }: PodTemplate, { name, command, args }: Container): unknown {
  const exchanged = (one: Container) => {
    const rest = without(one, 'command', 'args');
    return one.name === name
      ? { ...rest, ...(command !== undefined && { command }), ...(args !== undefined && { args }) }
      : one;
  };
  return {
    ...spec,
    containers: (spec?.containers ?? []).map(exchanged),
    ...(spec?.initContainers !== undefined && { initContainers: spec.initContainers.map(exchanged) }),
  };
}

/** As everybody else who runs this image starts it. Arguments are each one's own. */
function ofOthers(workload: KubeObject, container: Container, snapshot: ClusterSnapshot): Command | undefined {
  const running = snapshot.list('Pod').flatMap((pod) => {
    const ready = new Set((pod.status?.containerStatuses ?? []).flatMap((one) => (one.ready ? [one.name] : [])));
    const same = (pod.spec?.containers ?? []).filter((one) => one.image === container.image && ready.has(one.name));
    // Its own earlier revisions are a matter of rolling back.
    if (same.length > 0 && refKey(refOf(snapshot.rootOwnerOf(pod))) === refKey(refOf(workload))) return [];
    return same.map((one) => ({ pod, command: one.command ?? null }));
  });
  const [first, ...others] = running;
  if (first === undefined || others.some(({ command }) => !sameJson(command, first.command))) return undefined;
  if (sameJson(first.command, container.command ?? null)) return undefined;
  const { pod, command } = first;
  return {
    command,
    because: `Pod ${refOf(pod).namespace}/${pod.metadata.name} runs the same image with it${others.length === 0 ? '' : `, and so do ${others.length} more`}.`,
    evidence: fieldEvidence(pod, 'status.phase', pod.status?.phase ?? ''),
    confidence: workload.metadata.namespace === pod.metadata.namespace ? 0.8 : 0.7,
    fit: 0.8,
  };
}
