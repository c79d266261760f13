/** What whoever populates a cluster works with. */
import { groupOf, type KubeObject } from '../../../model/kube-object.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import type { Context, Split } from '../context.ts';
import type { Draw } from '../draw.ts';
import type { Pools } from '../pools.ts';
import type { Amounts } from './amounts.ts';
import type { Traffic } from './traffic.ts';

export type Json = Record<string, unknown>;

/** An object as one writes it down. */
export interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json & { readonly name: string };
  readonly [field: string]: unknown;
}

/** A cluster in the making. */
export interface Population {
  readonly cluster: SimulatedCluster;
  readonly context: Context;
  readonly split: Split;
  readonly pools: Pools;
  readonly draw: Draw;
  /** What the programs of its workloads use. */
  readonly traffic: Traffic;
  /** What was made so far of which a cluster has few. */
  readonly tally: Tally;
  /** Largest pod that may be made, so that all find room at the context's load. */
  readonly largest: Amounts;
}

/** What is counted and collected while a cluster is populated. */
export interface Tally {
  loadBalancers: number;
  /** Addresses of Services so far, of all teams, for programs that call them. */
  readonly addresses: { readonly namespace: string; readonly name: string; readonly url: string }[];
}

/** Makes an object. @throws ApiError */
export function make({ cluster: { api } }: Pick<Population, 'cluster'>, object: Written): KubeObject {
  const type = api.types.byKind(groupOf(object.apiVersion), object.kind);
  if (type === undefined) throw new RangeError(`kind ${object.kind}: is not served`);
  return api.create(type, object as unknown as KubeObject);
}
