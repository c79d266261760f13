/** What the cases of Deployments and of their rollouts are made of. */
import type { Json } from '../conformance-case.ts';
import { requests, workload } from './objects.ts';

/** Requests about the Deployment of the cases. */
export const web = requests('apps/v1/deployments');
/** Requests about its ReplicaSets. */
export const sets = requests('apps/v1/replicasets');

/** A Deployment of three replicas, unless the spec says otherwise. */
export const deployment = (spec: Json = {}, metadata: Json = {}): Json =>
  workload('Deployment', { replicas: 3, ...spec }, metadata);
/** A strategy. */
export const rolling = (rollingUpdate: Json): Json => ({ strategy: { type: 'RollingUpdate', rollingUpdate } });
/** The condition of a rollout that is over. */
export const DONE = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
/** Waits for the end of a rollout. */
export const rolledOut = (more: Json = {}) =>
  web.get({ status: { conditions: [{ type: 'Available' }, DONE], ...more } });
/** Of a set, by its image. */
export const setOf = (image: string, replicas: number, more: Json = {}): Json => ({
  spec: { replicas, template: { spec: { containers: [{ image }] } } },
  ...more,
});
