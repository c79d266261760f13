/** What kube-linter looks at. */
import type { CheckGroup } from './check.ts';

/** Source: https://github.com/stackrox/kube-linter, `docs/generated/checks.md` and, for some, `docs/generated/templates.md`. */
export const KUBE_LINTER: readonly CheckGroup[] = [
  {
    area: 'images',
    batch: 'static',
    checks: {
      'latest-tag': 'image without a tag, or with the tag latest',
      'image-pull-policy': 'pull policy that is not allowed',
      'schema-validation': 'object that its schema forbids',
    },
  },
  {
    area: 'resources',
    batch: 'static',
    checks: { 'unset-cpu-requirements': 'no CPU request', 'unset-memory-requirements': 'no memory limit' },
  },
  {
    area: 'probes',
    batch: 'static',
    checks: {
      'no-liveness-probe': 'no liveness probe',
      'no-readiness-probe': 'no readiness probe',
      'liveness-port': 'liveness probe on a port that is not declared',
      'readiness-port': 'readiness probe on a port that is not declared',
      'startup-port': 'startup probe on a port that is not declared',
      'ssh-port': 'port 22',
      'privileged-ports': 'port below 1024',
      ports: 'port that is forbidden',
    },
  },
  {
    area: 'environment',
    batch: 'static',
    checks: {
      'duplicate-env-var': 'variable set twice',
      'env-var-secret': 'variable that holds a secret in clear',
      'read-secret-from-env-var': 'variable taken from a Secret',
    },
  },
  {
    area: 'configuration',
    checks: { 'env-value-from': 'Secret or ConfigMap of a variable or volume is missing' },
  },
  {
    area: 'security',
    batch: 'static',
    checks: {
      'run-as-non-root': 'container may run as root',
      'privileged-container': 'privileged container',
      'privilege-escalation-container': 'container may gain privileges',
      'no-read-only-root-fs': 'root file system can be written',
      'drop-net-raw-capability': 'capability NET_RAW is kept',
      'host-network': 'network of the node',
      'host-pid': 'process ids of the node',
      'host-ipc': 'inter-process communication of the node',
      'sensitive-host-mounts': 'system directory of the node mounted',
      'writable-host-mount': 'directory of the node mounted for writing',
      'docker-sock': 'socket of the container runtime mounted',
      'unsafe-proc-mount': 'unmasked /proc',
      'unsafe-sysctls': 'kernel setting that is not safe',
      'default-service-account': 'default service account',
      'deprecated-service-account-field': 'deprecated field of the service account',
      'scc-deny-privileged-container': 'OpenShift constraint that allows privileged containers',
    },
  },
  {
    area: 'configuration',
    checks: { 'non-existent-service-account': 'service account of a pod is missing' },
  },
  {
    area: 'placement',
    batch: 'static',
    checks: {
      'priority-class-name': 'priority class that is not allowed',
      'no-anti-affinity': 'replicas may share a node',
      'no-node-affinity': 'no node affinity',
      'restart-policy': 'restart policy that is not allowed',
      'dnsconfig-options': 'DNS option ndots not set',
    },
  },
  {
    area: 'workloads',
    batch: 'static',
    checks: {
      'minimum-three-replicas': 'less than three replicas',
      'no-rolling-update-strategy': 'not rolled over',
      'mismatching-selector': 'selector does not match the template',
      'statefulset-volumeclaimtemplate-annotation': 'volume claim template without an annotation',
    },
  },
  {
    area: 'jobs',
    batch: 'static',
    checks: { 'job-ttl-seconds-after-finished': 'Job that is never cleaned up' },
  },
  {
    area: 'autoscaling',
    checks: { 'dangling-horizontalpodautoscaler': 'target of the autoscaler is missing' },
  },
  {
    area: 'autoscaling',
    batch: 'static',
    checks: { 'hpa-minimum-three-replicas': 'lowest replica count below three' },
  },
  {
    area: 'disruption',
    checks: {
      'pdb-max-unavailable': 'maxUnavailable that blocks every disruption',
      'pdb-min-available': 'minAvailable that blocks every disruption',
    },
  },
  {
    area: 'disruption',
    batch: 'static',
    checks: { 'pdb-unhealthy-pod-eviction-policy': 'budget protects failing pods too' },
  },
  {
    area: 'services',
    checks: {
      'dangling-service': 'selector matches no pod',
      'exposed-services': 'type NodePort or LoadBalancer',
    },
  },
  {
    area: 'services',
    batch: 'static',
    checks: {
      'dangling-servicemonitor': 'ServiceMonitor selects no Service',
      'invalid-target-ports': 'target port with a name that is not valid',
    },
  },
  { area: 'ingress', checks: { 'dangling-ingress': 'Service of a backend is missing' } },
  {
    area: 'network policy',
    batch: 'static',
    checks: {
      'non-isolated-pod': 'no policy selects the pod',
      'dangling-networkpolicy': 'policy selects no pod',
      'dangling-networkpolicypeer-podselector': 'pod selector of a peer matches none',
    },
  },
  {
    area: 'access',
    batch: 'static',
    checks: {
      'access-to-secrets': 'right to read Secrets',
      'access-to-create-pods': 'right to create pods',
      'cluster-admin-role-binding': 'binding to cluster-admin',
      'wildcard-in-rules': 'role with a wildcard',
    },
  },
  { area: 'cluster', checks: { 'no-extensions-v1beta': 'API version extensions/v1beta1' } },
  {
    area: 'hygiene',
    batch: 'static',
    checks: {
      'use-namespace': 'object in the namespace default',
      'required-annotation-email': 'no annotation with an address',
      'required-label-owner': 'no label with the owner',
      'forbidden-annotation': 'annotation that is forbidden',
      'sorted-keys': 'keys not sorted',
    },
  },
];
