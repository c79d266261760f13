import { REPLICATION_CONTROLLERS } from '../../api/built-in-types.ts';
import type { MakeController } from '../controller.ts';
import { ReplicasController, selectorFromLabels } from '../replica-set/replicas.ts';

/** ReplicationControllers. Source: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/ */
export const replicationController: MakeController = (context) =>
  new ReplicasController(context, {
    type: REPLICATION_CONTROLLERS,
    component: 'replication-controller',
    selectorOf: ({ spec }) => selectorFromLabels(spec?.selector),
    countsTerminating: false,
  });
