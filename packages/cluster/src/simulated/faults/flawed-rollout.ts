/** Rollouts with a mistake in them: what most faults of workloads are. */
import type { Container, Deployment } from '../../model/kinds.ts';
import { entityOf } from '../entity.ts';
import type { ContainerBehaviour, ContainerPlace } from '../kubelet/behaviour.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';
import type { BroughtFault, FaultKind, ParameterValues } from './fault.ts';
import { typeOf, type FaultSite, type Workload } from './fault-site.ts';
import { nextImage } from './image-names.ts';

type Json = Record<string, unknown>;
type PodSpec = NonNullable<NonNullable<Workload['spec']>['template']['spec']>;

export const SECOND = 1000;
export const MINUTE = 60_000;

/** The workload that a rollout is of, and its first container, as they are before it. */
export interface Rollout<W extends Workload = Workload> {
  readonly site: FaultSite;
  readonly workload: W;
  readonly namespace: string;
  readonly name: string;
  readonly pod: PodSpec;
  readonly container: Container;
}

/** What is wrong with it. */
export interface Mistake {
  /** Fields of the pod's spec that are otherwise than before. */
  readonly pod?: Json;
  /** Fields of its first container. */
  readonly first?: Partial<Container> | Json;
  /** Fields of the workload's own spec. */
  readonly spec?: Json;
  /** The template is as it was, and its pods are started anew. */
  readonly restarts?: boolean;
  /** What programs and registries do about it; tied to what is wrong, so that whoever mends that mends it. */
  readonly row?: BehaviourRow;
  readonly remedy: string;
  /** Right answers beside the workload itself. */
  readonly entities?: readonly string[];
  /** Where they depend on the parameters. */
  readonly classes?: readonly string[];
  readonly settlesMs?: number;
  /** Takes back what else was changed, before the rollout is taken back. */
  takeBack?(): void;
  /** Told from the first container and the workload as they are asked for now; only where pods are healthy although it is still wrong. */
  isGone?(container: Container, now: Workload): boolean;
}

/** A kind of fault whose cause is a rollout. */
export interface FlawedRollout<W extends Workload = Workload> extends Pick<
  FaultKind,
  'name' | 'family' | 'summary' | 'source'
> {
  readonly parameters?: FaultKind['parameters'];
  /** Of the workload. */
  readonly classes: readonly string[];
  /** Nothing suffers from it yet. */
  readonly isMinor?: boolean;
  /** Default ten minutes. */
  readonly settlesMs?: number;
  /** Which workloads it can befall; default all. */
  suits?(rollout: Rollout<W>): boolean;
  /** Does whatever else belongs to it as well. @throws NoTargetError */
  mistake(rollout: Rollout<W>, values: ParameterValues): Mistake;
}

/** Picks what it shall befall; what is picked is taken. @throws NoTargetError */
type Picks<W extends Workload> = (site: FaultSite, suits: (one: W) => boolean) => W;

/** The kind of fault that rolls a mistake out and, to repair it, rolls back; of workloads of any kind, unless others are picked. */
export function flawedRollout(kind: FlawedRollout & { readonly pick?: Picks<Workload> }): FaultKind {
  return rolledOut(kind, kind.pick ?? ((site, suits) => site.workload(suits)));
}

/** As {@link flawedRollout}, of Deployments. */
export function flawedDeployment(kind: FlawedRollout<Deployment>): FaultKind {
  return rolledOut(kind, (site, suits) => site.deployment(suits));
}

function rolledOut<W extends Workload>(kind: FlawedRollout<W>, pick: Picks<W>): FaultKind {
  const { name, family, summary, source, parameters = {} } = kind;
  return { name, family, summary, source, parameters, bring: (site, values) => bring(kind, pick, site, values) };
}

function bring<W extends Workload>(
  kind: FlawedRollout<W>,
  pick: Picks<W>,
  site: FaultSite,
  values: ParameterValues,
): BroughtFault {
  const { suits = () => true } = kind;
  const workload = pick(site, (one) => isRollable(one) && suits(rolloutOf(site, one)));
  const mistake = kind.mistake(rolloutOf(site, workload), values);
  const { pod, first, spec, restarts = false, row, remedy, entities = [], classes = kind.classes, isGone } = mistake;
  if (row !== undefined) site.behave(row);
  if (restarts) site.restart(workload);
  else site.roll(workload, pod ?? {}, first, spec);
  return {
    truth: {
      ...{ entities: [entityOf(workload), ...entities], classes },
      ...(kind.isMinor === true && { isMinor: true }),
    },
    touched: site.takeTouched(),
    settlesMs: mistake.settlesMs ?? kind.settlesMs ?? 10 * MINUTE,
    remedy,
    ...(isGone === undefined ? {} : { isGone: () => isGoneNow(site, workload, isGone) }),
    repair: () => {
      mistake.takeBack?.();
      site.rollBack(workload);
    },
  };
}

/** Of its first container. */
export function imageOf({ spec }: Workload): string {
  return spec?.template.spec?.containers[0]?.image ?? '';
}

function isRollable({ spec }: Workload): boolean {
  return (spec?.template.spec?.containers.length ?? 0) > 0;
}

function rolloutOf<W extends Workload>(site: FaultSite, workload: W): Rollout<W> {
  const { namespace = '', name } = workload.metadata;
  const pod = workload.spec?.template.spec as PodSpec;
  return { site, workload, namespace, name, pod, container: pod.containers[0] as Container };
}

/** Asked of the workload as it is now; as it was where it is gone. */
function isGoneNow({ cluster }: FaultSite, workload: Workload, isGone: NonNullable<Mistake['isGone']>): boolean {
  const { namespace = '', name } = workload.metadata;
  const now = (cluster.api.store.get(typeOf(workload), namespace, name) as Workload | undefined) ?? workload;
  return isGone(now.spec?.template.spec?.containers[0] as Container, now);
}

/** A row about one container of a workload, wherever its pods are; `wrong` tells whether what is wrong is still so. */
export function rowFor(
  { workload, namespace, name }: Rollout,
  container: string,
  behaviour: (place: ContainerPlace) => ContainerBehaviour | undefined,
): BehaviourRow {
  const owner = `${workload.kind}/${name}`;
  return {
    container: (place) =>
      place.container === container && place.namespace === namespace && place.workload === owner
        ? behaviour(place)
        : undefined,
  };
}

/** A new version of a container's program that behaves so. */
export function newVersion(
  rollout: Rollout,
  behaviour: ContainerBehaviour,
): { readonly image: string; readonly row: BehaviourRow } {
  const image = nextImage(rollout.container.image ?? '');
  const row = rowFor(rollout, rollout.container.name, (place) => (place.image === image ? behaviour : undefined));
  return { image, row };
}
