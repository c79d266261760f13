/** Runs a drawn cluster and reports what went wrong, what came of it, and what the diagnosis says. */
import { createSimulatedReader, refText, type ClusterSnapshot, type SimulatedCluster } from '@aia/cluster';
import {
  drawScenario,
  healthOf,
  type Context,
  type InjectedFault,
  type Scenario,
  type Split,
  type Truth,
} from '@aia/cluster/faults';
import type { SimulationRun } from '@aia/contract';
import { assess } from '@aia/operations';
import { version } from '../version.ts';
import { followTimeline } from './timeline.ts';

/** How to run it. */
export interface SimulationRunOptions {
  readonly split: Split;
  /** Virtual milliseconds after the faults have settled. */
  readonly forMs: number;
  /** Kinds of fault in place of drawn ones. */
  readonly faults?: readonly string[];
}

type Causes = SimulationRun['causes'];

/** @throws RangeError for a kind of fault that there is not, NoTargetError for one that finds nothing to befall */
export async function simulationRun(
  context: Context,
  seed: string,
  options: SimulationRunOptions,
): Promise<SimulationRun> {
  const { split, forMs, faults } = options;
  let follow: ReturnType<typeof followTimeline> | undefined;
  let cluster: SimulationRun['cluster'] | undefined;
  const scenario = drawScenario(context, seed, split, {
    ...(faults === undefined ? {} : { faults }),
    onSettled: (drawn) => {
      follow = followTimeline(drawn);
      cluster = clusterOf(drawn);
    },
  });
  const { clock } = scenario.cluster;
  const startedAt = clock.now;
  clock.advance(scenario.settlesMs + forMs);
  const causes = causesOf(scenario, await createSimulatedReader(scenario.cluster).observe());
  const after = healthOf(scenario.cluster, scenario.wanted);
  scenario.cluster.stop();
  if (cluster === undefined || follow === undefined) throw new Error('the cluster has not settled');
  return {
    kind: 'SimulationRun',
    schemaVersion: 1,
    generator: { name: 'aia', version },
    ...{ seed, split, context },
    cluster: { ...cluster, wanted: scenario.wanted.length },
    ...{ startedAt, endedAt: clock.now },
    faults: scenario.faults.map((fault) => faultOf(fault, causes)),
    noise: [...scenario.noise],
    timeline: [...follow.stop()],
    health: { before: scenario.healthBefore, after },
    causes,
  };
}

function clusterOf({ api, cloud }: SimulatedCluster): SimulationRun['cluster'] {
  const objects = (kind: string) =>
    api.types.all.filter((type) => type.kind === kind).flatMap((type) => [...api.store.list(type)]);
  const nodes = objects('Node');
  const count = (...kinds: readonly string[]) => kinds.reduce((sum, kind) => sum + objects(kind).length, 0);
  return {
    name: cloud?.snapshot.cluster?.name ?? '',
    region: cloud?.region ?? '',
    pools: (cloud?.pools ?? []).map(({ name, machineType }) => ({
      name,
      machineType,
      nodes: nodes.filter(({ metadata }) => metadata.labels?.['cloud.google.com/gke-nodepool'] === name).length,
    })),
    namespaces: count('Namespace'),
    workloads: count('Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'),
    pods: count('Pod'),
    wanted: 0,
  };
}

function causesOf({ faults }: Scenario, snapshot: ClusterSnapshot): Causes {
  const { rootCauses } = assess(snapshot, { version });
  return rootCauses.map(({ class: name, resource, title, probability }) => {
    const about = refText(resource);
    const fault = faults.find(({ truth }) => isRight(truth, name, about));
    return { class: name, resource: about, title, probability, ...(fault === undefined ? {} : { fault: fault.kind }) };
  });
}

/** Whether a cause is a right answer to a fault. */
function isRight({ classes, entities }: Truth, name: string, about: string): boolean {
  return classes.some((one) => matches(one, name)) && entities.some((entity) => matches(entity, about));
}

/** `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return rest.at(-1) === '' || at === text.length;
}

function faultOf(
  { kind, parameters, truth, touched, remedy }: InjectedFault,
  causes: Causes,
): SimulationRun['faults'][number] {
  const at = causes.findIndex(({ class: name, resource }) => isRight(truth, name, resource));
  return {
    ...{
      kind,
      parameters: { ...parameters },
      entities: [...truth.entities],
      classes: [...truth.classes],
      touched: [...touched],
    },
    ...(remedy === undefined ? {} : { remedy }),
    ...(at < 0 ? {} : { foundAt: at + 1 }),
  };
}
