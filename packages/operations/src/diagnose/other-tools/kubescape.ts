/** What kubescape looks at, as far as it covers what the others do. */
import type { CheckGroup } from './check.ts';

/** Source: https://github.com/kubescape/regolibrary, `controls`. */
export const KUBESCAPE: readonly CheckGroup[] = [
  {
    area: 'images',
    batch: 'static',
    checks: {
      'C-0001': 'image from a forbidden registry',
      'C-0075': 'tag latest without the pull policy Always',
      'C-0078': 'image from a registry that is not allowed',
      'C-0306': 'image not pinned by its digest',
    },
  },
  {
    area: 'resources',
    batch: 'static',
    checks: {
      'C-0004': 'no memory request or limit',
      'C-0009': 'no limits',
      'C-0050': 'no CPU request or limit',
      'C-0268': 'no CPU request',
      'C-0269': 'no memory request',
      'C-0270': 'no CPU limit',
      'C-0271': 'no memory limit',
    },
  },
  {
    area: 'security',
    batch: 'static',
    checks: {
      'C-0013': 'container may run as root',
      'C-0016': 'container may gain privileges',
      'C-0017': 'root file system can be written',
      'C-0034': 'token for the API server mounted',
      'C-0038': 'process ids or inter-process communication of the node',
      'C-0041': 'network of the node',
      'C-0044': 'port of the node',
      'C-0045': 'directory of the node mounted for writing',
      'C-0046': 'capability that is not safe',
      'C-0048': 'directory of the node mounted',
      'C-0055': 'no hardening',
      'C-0057': 'privileged container',
      'C-0074': 'socket of the container runtime mounted',
      'C-0261': 'token for the API server mounted by its account',
      'C-0294': 'deprecated field of the service account',
    },
  },
  { area: 'pods', checks: { 'C-0073': 'pod without a controller' } },
  {
    area: 'workloads',
    checks: {
      'C-0296': 'selector does not match the template',
      'C-0307': 'service account is missing',
    },
  },
  {
    area: 'workloads',
    batch: 'static',
    checks: { 'C-0295': 'variable set twice', 'C-0305': 'not rolled over' },
  },
  { area: 'services', checks: { 'C-0293': 'selector matches no pod' } },
  {
    area: 'ingress',
    checks: {
      'C-0298': 'Service of an Ingress is missing',
      'C-0302': 'Gateway or Service of a route is missing',
    },
  },
  { area: 'ingress', batch: 'static', checks: { 'C-0263': 'Ingress without TLS' } },
  { area: 'autoscaling', checks: { 'C-0300': 'target of the autoscaler is missing' } },
  {
    area: 'network policy',
    batch: 'static',
    checks: { 'C-0260': 'no policy selects the pod', 'C-0299': 'policy selects no pod' },
  },
  { area: 'hygiene', batch: 'static', checks: { 'C-0061': 'object in the namespace default' } },
];
