/** Does without a host port that another pod has on every node. */
import type { Container, PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { podSpecOf, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;

/** For pods whose host port is taken on all nodes that could take them. */
export const freeHostPort: ActionKind = {
  kind: 'free-host-port',
  title: 'Free a host port',
  explanation:
    'Takes the host port out of the containers of a workload (Services reach pods without one). Not of pods in the network of their node, whose ports are always host ports.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'the filters that are asked are those of the scheduler' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => planning.causesOf('host-port-taken').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined || found.spec.hostNetwork === true) return [];
  const { workload, spec } = found;
  return templateRemedies({ kind: freeHostPort.kind, cause, workload, repairs: withoutHostPorts(spec) }, planning);
}

function withoutHostPorts(spec: PodSpec): readonly TemplateRepair[] {
  const ports = (spec.containers ?? []).flatMap(({ ports: own = [] }) => own.flatMap(({ hostPort }) => hostPort ?? []));
  if (ports.length === 0) return [];
  const freed = (container: Container): Container =>
    container.ports === undefined
      ? container
      : { ...container, ports: container.ports.map(({ hostPort: _, ...port }) => port) };
  return [
    {
      spec: { ...spec, containers: spec.containers.map(freed) },
      title: `Do without host port ${ports.join(', ')}`,
      reason: `Another pod has port ${ports.join(', ')} on every node that could take it; a Service reaches its pods by their own addresses.`,
      confidence: 0.8,
      fit: 0.93,
      risks: [{ reason: 'whoever calls the port of the node finds another program there', adds: 0.08 }],
    },
  ];
}
