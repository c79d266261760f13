/** All controllers of the control plane. */
import type { SimulationContext } from '../simulation-context.ts';
import type { Controller, MakeController } from './controller.ts';
import { certificateController } from './certificates/certificate-controller.ts';
import { issuerController } from './certificates/issuer-controller.ts';
import { certificateRequestController } from './certificates/request-controller.ts';
import { managedCertificateController } from './certificates/managed-certificate-controller.ts';
import { cronJobController } from './cron-job/cron-job-controller.ts';
import { daemonSetController } from './daemon-set/daemon-set-controller.ts';
import { clusterRoleAggregation } from './cluster-role-aggregation/cluster-role-aggregation.ts';
import { definitionController } from './custom-resource-definition/definition-controller.ts';
import { deploymentController } from './deployment/deployment-controller.ts';
import { disruptionController } from './disruption/disruption-controller.ts';
import { staleDisruptionController } from './disruption/stale-disruption-controller.ts';
import { horizontalPodAutoscalerController } from './horizontal-pod-autoscaler/horizontal-pod-autoscaler-controller.ts';
import { jobController } from './job/job-controller.ts';
import { endpointSliceController } from './endpoint-slice/endpoint-slice-controller.ts';
import { endpointSliceMirroringController } from './endpoint-slice/mirroring-controller.ts';
import { endpointsController } from './endpoints/endpoints-controller.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.ts';
import { gatewayController } from './gateway/gateway-controller.ts';
import { ingressController } from './ingress/ingress-controller.ts';
import { loadBalancerController } from './load-balancer/load-balancer-controller.ts';
import { namespaceController } from './namespace/namespace-controller.ts';
import { nodeLifecycleController } from './node-lifecycle/node-lifecycle-controller.ts';
import { taintEvictionController } from './node-lifecycle/taint-eviction-controller.ts';
import { podGcController } from './pod-gc/pod-gc-controller.ts';
import { attachDetachController } from './attach-detach/attach-detach-controller.ts';
import { csiNodeController } from './persistent-volume/csi-node-controller.ts';
import { persistentVolumeBinder } from './persistent-volume/binder-controller.ts';
import { ephemeralVolumeController } from './persistent-volume/ephemeral-volume-controller.ts';
import { claimProtectionController, volumeProtectionController } from './persistent-volume/protection-controller.ts';
import { volumeProvisioner } from './persistent-volume/provisioner-controller.ts';
import { volumeResizer } from './persistent-volume/resizer-controller.ts';
import { replicaSetController } from './replica-set/replica-set-controller.ts';
import { replicationController } from './replication-controller/replication-controller.ts';
import { resourceQuotaController } from './resource-quota/resource-quota-controller.ts';
import { rootCaController } from './root-ca/root-ca-controller.ts';
import { serviceAccountController } from './service-account/service-account-controller.ts';
import { statefulSetController } from './stateful-set/stateful-set-controller.ts';
import { ttlAfterFinishedController } from './ttl-after-finished/ttl-after-finished-controller.ts';

const CONTROLLERS: readonly MakeController[] = [
  garbageCollector,
  namespaceController,
  definitionController,
  serviceAccountController,
  rootCaController,
  cronJobController,
  daemonSetController,
  clusterRoleAggregation,
  deploymentController,
  jobController,
  podGcController,
  ttlAfterFinishedController,
  replicaSetController,
  replicationController,
  statefulSetController,
  disruptionController,
  staleDisruptionController,
  resourceQuotaController,
  endpointsController,
  horizontalPodAutoscalerController,
  nodeLifecycleController,
  taintEvictionController,
  csiNodeController,
  persistentVolumeBinder,
  volumeProvisioner,
  volumeResizer,
  claimProtectionController,
  volumeProtectionController,
  ephemeralVolumeController,
  attachDetachController,
  endpointSliceController,
  endpointSliceMirroringController,
  loadBalancerController,
  ingressController,
  gatewayController,
  issuerController,
  certificateRequestController,
  certificateController,
  managedCertificateController,
];

export function controllersOf(context: SimulationContext): readonly Controller[] {
  return CONTROLLERS.map((make) => make(context));
}
