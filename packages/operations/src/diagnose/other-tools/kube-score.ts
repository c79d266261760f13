/** What kube-score looks at. */
import type { CheckGroup } from './check.ts';

/** Source: https://github.com/zegl/kube-score, `README_CHECKS.md`. */
export const KUBE_SCORE: readonly CheckGroup[] = [
  {
    area: 'images',
    batch: 'static',
    checks: {
      'container-image-tag': 'image without a tag, or with the tag latest',
      'container-image-pull-policy': 'pull policy other than Always',
    },
  },
  {
    area: 'resources',
    batch: 'static',
    checks: {
      'container-resources': 'requests or limits missing',
      'container-resource-requests-equal-limits': 'requests other than limits',
      'container-cpu-requests-equal-limits': 'CPU request other than the limit',
      'container-memory-requests-equal-limits': 'memory request other than the limit',
      'container-ephemeral-storage-request-and-limit': 'no request or limit of ephemeral storage',
      'container-ephemeral-storage-request-equals-limit': 'ephemeral storage request other than the limit',
    },
  },
  {
    area: 'probes',
    batch: 'static',
    checks: {
      'pod-probes': 'readiness or liveness probe missing',
      'pod-probes-identical': 'readiness and liveness probe are the same',
      'container-ports-check': 'port names that clash or are too long, ports without a number',
    },
  },
  {
    area: 'environment',
    batch: 'static',
    checks: { 'environment-variable-key-duplication': 'variable set twice' },
  },
  {
    area: 'security',
    batch: 'static',
    checks: {
      'container-security-context-user-group-id': 'low or unset user or group id',
      'container-security-context-privileged': 'privileged container',
      'container-security-context-readonlyrootfilesystem': 'root file system can be written',
      'container-seccomp-profile': 'no seccomp profile',
    },
  },
  {
    area: 'placement',
    batch: 'static',
    checks: {
      'pod-topology-spread-constraints': 'spread constraint that is not complete',
      'deployment-has-host-podantiaffinity': 'replicas of a Deployment may share a node',
      'statefulset-has-host-podantiaffinity': 'replicas of a StatefulSet may share a node',
    },
  },
  {
    area: 'workloads',
    batch: 'static',
    checks: {
      'deployment-replicas': 'Deployment with a Service and less than two replicas',
      'deployment-strategy': 'Deployment with a Service is not rolled over',
      'deployment-targeted-by-hpa-does-not-have-replicas-configured': 'replica count beside an autoscaler',
      'deployment-pod-selector-labels-match-template-metadata-labels':
        'selector of a Deployment does not match its template',
      'statefulset-pod-selector-labels-match-template-metadata-labels':
        'selector of a StatefulSet does not match its template',
      'statefulset-has-servicename': 'governing Service of a StatefulSet is missing or not headless',
    },
  },
  {
    area: 'disruption',
    batch: 'static',
    checks: {
      'deployment-has-poddisruptionbudget': 'no budget selects the Deployment',
      'statefulset-has-poddisruptionbudget': 'no budget selects the StatefulSet',
      'poddisruptionbudget-has-policy': 'budget without minAvailable and maxUnavailable',
    },
  },
  {
    area: 'jobs',
    batch: 'static',
    checks: {
      'cronjob-has-deadline': 'CronJob without a starting deadline',
      'cronjob-restartpolicy': 'CronJob with the restart policy Always',
    },
  },
  {
    area: 'autoscaling',
    batch: 'static',
    checks: { 'horizontalpodautoscaler-replicas': 'lowest replica count below two' },
  },
  {
    area: 'autoscaling',
    checks: { 'horizontalpodautoscaler-has-target': 'target of the autoscaler is missing' },
  },
  { area: 'services', checks: { 'service-targets-pod': 'selector matches no pod' } },
  { area: 'services', batch: 'static', checks: { 'service-type': 'type NodePort' } },
  { area: 'ingress', checks: { 'ingress-targets-service': 'Service of a backend is missing' } },
  {
    area: 'network policy',
    batch: 'static',
    checks: {
      'pod-networkpolicy': 'no policy selects the pod in a direction',
      'networkpolicy-targets-pod': 'policy selects no pod',
    },
  },
  { area: 'cluster', checks: { 'stable-version': 'API version that is deprecated' } },
  { area: 'hygiene', batch: 'static', checks: { 'label-values': 'label value that is not valid' } },
];
