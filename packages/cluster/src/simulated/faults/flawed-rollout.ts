/** Rollouts with a mistake in them: what most faults of workloads are. */
import type { Container } from '../../model/kinds.ts';
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
export interface Rollout {
  readonly site: FaultSite;
  readonly workload: Workload;
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
  /** Told from the first container as it is asked for now; only where pods are healthy from time to time although it is still wrong. */
  isGone?(container: Container): boolean;
}

/** A kind of fault whose cause is a rollout. */
export interface FlawedRollout extends Pick<FaultKind, 'name' | 'family' | 'summary' | 'source'> {
  readonly parameters?: FaultKind['parameters'];
  /** Of the workload. */
  readonly classes: readonly string[];
  /** Default ten minutes. */
  readonly settlesMs?: number;
  /** Which workloads it can befall; default all. */
  suits?(rollout: Rollout): boolean;
  /** Picks one; default any workload that suits. */
  pick?(site: FaultSite, suits: (one: Workload) => boolean): Workload;
  mistake(rollout: Rollout, values: ParameterValues): Mistake;
}

/** The kind of fault that rolls a mistake out and, to repair it, rolls back. */
export function flawedRollout(kind: FlawedRollout): FaultKind {
  const { name, family, summary, source, parameters = {} } = kind;
  return { name, family, summary, source, parameters, bring: (site, values) => bring(kind, site, values) };
}

function bring(kind: FlawedRollout, site: FaultSite, values: ParameterValues): BroughtFault {
  const { suits = () => true, pick = (from, wanted) => from.workload(wanted) } = kind;
  const workload = pick(site, (one) => isRollable(one) && suits(rolloutOf(site, one)));
  const mistake = kind.mistake(rolloutOf(site, workload), values);
  const { pod, first, spec, restarts = false, row, remedy, entities = [], classes = kind.classes, isGone } = mistake;
  if (row !== undefined) site.behave(row);
  if (restarts) site.restart(workload);
  else site.roll(workload, pod ?? {}, first, spec);
  return {
    truth: { entities: [entityOf(workload), ...entities], classes },
    touched: site.takeTouched(),
    settlesMs: mistake.settlesMs ?? kind.settlesMs ?? 10 * MINUTE,
    remedy,
    ...(isGone === undefined ? {} : { isGone: () => isGone(containerNow(site, workload)) }),
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

function rolloutOf(site: FaultSite, workload: Workload): Rollout {
  const { namespace = '', name } = workload.metadata;
  const pod = workload.spec?.template.spec as PodSpec;
  return { site, workload, namespace, name, pod, container: pod.containers[0] as Container };
}

/** As its template asks for it now; as it was where the workload is gone. */
function containerNow({ cluster }: FaultSite, workload: Workload): Container {
  const { namespace = '', name } = workload.metadata;
  const now = cluster.api.store.get(typeOf(workload), namespace, name) as Workload | undefined;
  return (now ?? workload).spec?.template.spec?.containers[0] as Container;
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
