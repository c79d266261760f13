import { REPLICA_SETS } from '../../api/built-in-types.ts';
import type { MakeController } from '../controller.ts';
import { ReplicasController } from './replicas.ts';

/** ReplicaSets. Source: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/ */
export const replicaSetController: MakeController = (context) =>
  new ReplicasController(context, {
    type: REPLICA_SETS,
    component: 'replicaset-controller',
    selectorOf: ({ spec }) => spec?.selector,
    countsTerminating: true,
  });
