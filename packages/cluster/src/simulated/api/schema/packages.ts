/** Where definitions stand: the packages of Go types that OpenAPI documents name, with the API group they are served in. */
import { ADMISSIONREGISTRATION_V1 } from './kubernetes/admissionregistration-v1.ts';
import { APIEXTENSIONS_V1 } from './kubernetes/apiextensions-v1.ts';
import { APIREGISTRATION_V1 } from './kubernetes/apiregistration-v1.ts';
import { APPS_V1 } from './kubernetes/apps-v1.ts';
import { AUTHENTICATION_V1 } from './kubernetes/authentication-v1.ts';
import { AUTHORIZATION_V1 } from './kubernetes/authorization-v1.ts';
import { AUTOSCALING_V1 } from './kubernetes/autoscaling-v1.ts';
import { AUTOSCALING_V2 } from './kubernetes/autoscaling-v2.ts';
import { BATCH_V1 } from './kubernetes/batch-v1.ts';
import { CERTIFICATES_V1 } from './kubernetes/certificates-v1.ts';
import { COORDINATION_V1 } from './kubernetes/coordination-v1.ts';
import { CORE_V1 } from './kubernetes/core-v1.ts';
import { DISCOVERY_V1 } from './kubernetes/discovery-v1.ts';
import { EVENTS_V1 } from './kubernetes/events-v1.ts';
import { FLOWCONTROL_V1 } from './kubernetes/flowcontrol-v1.ts';
import { META_V1 } from './kubernetes/meta-v1.ts';
import { METRICS_V1BETA1 } from './metrics-v1beta1.ts';
import { NETWORKING_V1 } from './kubernetes/networking-v1.ts';
import { NODE_V1 } from './kubernetes/node-v1.ts';
import { POLICY_V1 } from './kubernetes/policy-v1.ts';
import { RBAC_V1 } from './kubernetes/rbac-v1.ts';
import { RESOURCE_V1 } from './kubernetes/resource-v1.ts';
import { SCHEDULING_V1 } from './kubernetes/scheduling-v1.ts';
import { STORAGE_V1 } from './kubernetes/storage-v1.ts';

/** One package. */
export interface DefinitionPackage {
  /** As lines name it. */
  readonly file: string;
  /** As OpenAPI names it. */
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly lines: string;
}

export const PACKAGES: readonly DefinitionPackage[] = [
  { file: 'core-v1', name: 'io.k8s.api.core.v1', group: '', version: 'v1', lines: CORE_V1 },
  {
    file: 'admissionregistration-v1',
    name: 'io.k8s.api.admissionregistration.v1',
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    lines: ADMISSIONREGISTRATION_V1,
  },
  {
    file: 'apiextensions-v1',
    name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
    group: 'apiextensions.k8s.io',
    version: 'v1',
    lines: APIEXTENSIONS_V1,
  },
  {
    file: 'apiregistration-v1',
    name: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
    group: 'apiregistration.k8s.io',
    version: 'v1',
    lines: APIREGISTRATION_V1,
  },
  { file: 'apps-v1', name: 'io.k8s.api.apps.v1', group: 'apps', version: 'v1', lines: APPS_V1 },
  {
    file: 'authentication-v1',
    name: 'io.k8s.api.authentication.v1',
    group: 'authentication.k8s.io',
    version: 'v1',
    lines: AUTHENTICATION_V1,
  },
  {
    file: 'authorization-v1',
    name: 'io.k8s.api.authorization.v1',
    group: 'authorization.k8s.io',
    version: 'v1',
    lines: AUTHORIZATION_V1,
  },
  {
    file: 'autoscaling-v1',
    name: 'io.k8s.api.autoscaling.v1',
    group: 'autoscaling',
    version: 'v1',
    lines: AUTOSCALING_V1,
  },
  {
    file: 'autoscaling-v2',
    name: 'io.k8s.api.autoscaling.v2',
    group: 'autoscaling',
    version: 'v2',
    lines: AUTOSCALING_V2,
  },
  { file: 'batch-v1', name: 'io.k8s.api.batch.v1', group: 'batch', version: 'v1', lines: BATCH_V1 },
  {
    file: 'certificates-v1',
    name: 'io.k8s.api.certificates.v1',
    group: 'certificates.k8s.io',
    version: 'v1',
    lines: CERTIFICATES_V1,
  },
  {
    file: 'coordination-v1',
    name: 'io.k8s.api.coordination.v1',
    group: 'coordination.k8s.io',
    version: 'v1',
    lines: COORDINATION_V1,
  },
  {
    file: 'discovery-v1',
    name: 'io.k8s.api.discovery.v1',
    group: 'discovery.k8s.io',
    version: 'v1',
    lines: DISCOVERY_V1,
  },
  { file: 'events-v1', name: 'io.k8s.api.events.v1', group: 'events.k8s.io', version: 'v1', lines: EVENTS_V1 },
  {
    file: 'flowcontrol-v1',
    name: 'io.k8s.api.flowcontrol.v1',
    group: 'flowcontrol.apiserver.k8s.io',
    version: 'v1',
    lines: FLOWCONTROL_V1,
  },
  { file: 'meta-v1', name: 'io.k8s.apimachinery.pkg.apis.meta.v1', group: '', version: 'v1', lines: META_V1 },
  {
    file: 'networking-v1',
    name: 'io.k8s.api.networking.v1',
    group: 'networking.k8s.io',
    version: 'v1',
    lines: NETWORKING_V1,
  },
  { file: 'node-v1', name: 'io.k8s.api.node.v1', group: 'node.k8s.io', version: 'v1', lines: NODE_V1 },
  { file: 'policy-v1', name: 'io.k8s.api.policy.v1', group: 'policy', version: 'v1', lines: POLICY_V1 },
  { file: 'rbac-v1', name: 'io.k8s.api.rbac.v1', group: 'rbac.authorization.k8s.io', version: 'v1', lines: RBAC_V1 },
  { file: 'resource-v1', name: 'io.k8s.api.resource.v1', group: 'resource.k8s.io', version: 'v1', lines: RESOURCE_V1 },
  {
    file: 'scheduling-v1',
    name: 'io.k8s.api.scheduling.v1',
    group: 'scheduling.k8s.io',
    version: 'v1',
    lines: SCHEDULING_V1,
  },
  { file: 'storage-v1', name: 'io.k8s.api.storage.v1', group: 'storage.k8s.io', version: 'v1', lines: STORAGE_V1 },
  {
    file: 'metrics-v1beta1',
    name: 'io.k8s.metrics.pkg.apis.metrics.v1beta1',
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    lines: METRICS_V1BETA1,
  },
];
