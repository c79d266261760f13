/** Faults that somebody rolls out with the template of a Deployment. */
import type { Deployment } from '../../model/kinds.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultSite } from './fault-site.ts';
import type { FaultKind, ParameterValues } from './fault.ts';

type Json = Record<string, unknown>;

/** What is wrong with the template. */
export interface WrongTemplate {
  /** Fields of the pod's spec. */
  readonly pod?: Json;
  /** Fields of its first container. */
  readonly container?: Json;
  /** The workload is scaled to so many as well. */
  readonly replicas?: number;
  /** Right answers beside the Deployment. */
  readonly entities?: readonly string[];
  /** What an operator would do; default that of the kind. */
  readonly remedy?: string;
  isGone?(cluster: SimulatedCluster): boolean;
}

/** A kind of them. */
export interface RolledFault extends Omit<FaultKind, 'bring' | 'parameters'>, Partial<Pick<FaultKind, 'parameters'>> {
  readonly classes: readonly string[];
  readonly remedy: string;
  readonly settlesMs?: number;
  /** Which Deployments it can befall; default every sound one. */
  wanted?(one: Deployment, cluster: SimulatedCluster): boolean;
  /** Also does whatever else belongs to it. @throws NoTargetError */
  wrong(target: Deployment, site: FaultSite, values: ParameterValues): WrongTemplate;
}

const SETTLES_MS = 300_000;

/** The kind of fault that such a row describes; its repair is to roll back. */
export function rolledFault({
  classes,
  remedy,
  wanted,
  wrong,
  settlesMs = SETTLES_MS,
  ...row
}: RolledFault): FaultKind {
  return {
    parameters: {},
    ...row,
    bring: (site, values) => {
      const target = site.deployment((one) => wanted?.(one, site.cluster) ?? true);
      const { pod = {}, container = {}, replicas, entities = [], ...more } = wrong(target, site, values);
      site.roll(target, pod, container);
      if (replicas !== undefined) site.scale(target, replicas);
      return {
        truth: { entities: [entityOf(target), ...entities], classes },
        touched: site.takeTouched(),
        settlesMs,
        remedy,
        repair: () => site.rollBack(target),
        ...more,
      };
    },
  };
}
