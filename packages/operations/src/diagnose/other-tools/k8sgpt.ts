/** What k8sgpt looks at; it has no ids, so that a check is named by its analyzer, numbered where an analyzer has several. */
import type { CheckGroup } from './check.ts';

/** Source: https://github.com/k8sgpt-ai/k8sgpt, `pkg/analyzer` and `pkg/integration`. */
export const K8SGPT: readonly CheckGroup[] = [
  {
    area: 'pods',
    checks: {
      'Pod/1': 'pod cannot be scheduled',
      'Pod/2': 'pod waits for a scheduling gate',
      'Pod/3': 'pod was evicted',
      'Pod/4': 'container is not created, its sandbox or volume failed',
      'Pod/5': 'container is crash-looping, with its last end',
      'Pod/6': 'container waits for a reason that is an error',
      'Pod/7': 'container ended with an error',
      'Pod/8': 'container runs and is not ready',
    },
  },
  {
    area: 'workloads',
    checks: {
      'Deployment/1': 'fewer replicas ready than wanted',
      'Deployment/2': 'more replicas than wanted',
      'Deployment/3': 'roll-out does not progress',
      ReplicaSet: 'pods cannot be created',
      'StatefulSet/1': 'governing Service is missing',
      'StatefulSet/2': 'storage class of a volume claim template is missing',
      'StatefulSet/3': 'replicas not available',
      'DaemonSet/1': 'fewer pods ready than wanted',
      'DaemonSet/2': 'pull secret is missing',
    },
  },
  {
    area: 'jobs',
    checks: {
      Job: 'suspended, or failed without a success',
      CronJob: 'suspended, schedule that cannot be read, or negative deadline',
    },
  },
  {
    area: 'autoscaling',
    checks: {
      'HPA/1': 'autoscaler limited or unable to scale',
      'HPA/2': 'target of a kind that cannot be scaled',
      'HPA/3': 'target is missing',
      'HPA/4': 'pods of the target have no requests',
      ScaledObject: 'KEDA: target missing, pods without requests, warning events',
    },
  },
  { area: 'disruption', checks: { PDB: 'budget allows no disruption' } },
  {
    area: 'services',
    checks: {
      'Service/1': 'no endpoints',
      'Service/2': 'endpoints that are not ready',
      'Service/3': 'warning events',
    },
  },
  {
    area: 'ingress',
    checks: {
      'Ingress/1': 'no class',
      'Ingress/2': 'class is missing',
      'Ingress/3': 'Service of a backend is missing',
      'Ingress/4': 'TLS Secret is missing',
      Gateway: 'class missing, not accepted or not programmed',
      GatewayClass: 'class not accepted',
      HTTPRoute: 'parent or backend missing, namespace not allowed, port missing',
    },
  },
  {
    area: 'storage',
    checks: {
      PVC: 'claim Pending, provisioning failed',
      Storage:
        'several default classes; volumes Released or Failed; claims Pending, Lost or without class; small sizes',
    },
  },
  {
    area: 'storage',
    batch: 'declined',
    reason: 'that provisioner is the normal one of local volumes, not a deprecated one',
    checks: { 'Storage/no-provisioner': 'class with the provisioner kubernetes.io/no-provisioner' },
  },
  {
    area: 'configuration',
    checks: { ConfigMap: 'unused, empty or larger than the API server takes' },
  },
  {
    area: 'network policy',
    batch: 'static',
    checks: { NetworkPolicy: 'policy selects every pod, or none' },
  },
  { area: 'nodes', checks: { Node: 'not ready, under pressure, or an unknown condition' } },
  {
    area: 'extensions',
    checks: {
      ValidatingWebhookConfiguration: 'Service missing or without running pods',
      MutatingWebhookConfiguration: 'Service missing or without running pods',
      ClusterCatalog: 'OLM: catalogue not serving',
      ClusterExtension: 'OLM: extension not installed',
      ClusterServiceVersion: 'OLM: phase other than Succeeded',
      Subscription: 'OLM: state other than AtLatestKnown',
      InstallPlan: 'OLM: phase other than Complete',
      CatalogSource: 'OLM: connection not READY',
      OperatorGroup: 'OLM: several in one namespace',
    },
  },
  {
    area: 'extensions',
    batch: 'declined',
    reason: 'its configuration is a Secret, whose value is never read; what the operator says of it is judged',
    checks: { PrometheusConfigValidate: 'Prometheus: configuration invalid or without scrape jobs' },
  },
  {
    area: 'extensions',
    batch: 'static',
    checks: {
      PolicyReport: 'Kyverno: resources that break a policy',
      ClusterPolicyReport: 'Kyverno: cluster-wide resources that break a policy',
    },
  },
  {
    area: 'cloud',
    batch: 'declined',
    reason: 'it asks the API of AWS, which is not read',
    checks: { EKS: 'health issues that the cloud reports of the cluster' },
  },
  {
    area: 'pods',
    batch: 'declined',
    reason: 'words in a log are no fault; the last lines are shown as evidence where a container fails',
    checks: { Log: 'words like error in the last lines of the log' },
  },
  {
    area: 'security',
    batch: 'static',
    checks: { Security: 'default service account, wildcard roles, privileged containers, no security context' },
  },
];
