import type { ConformanceCase, RequestStep } from '../conformance-case.ts';
import { create, crowded, deletePod, hopeless, nodes, placed, pod, said, waits, zone } from './steps.ts';

const SCHEDULING = 'https://kubernetes.io/docs/concepts/scheduling-eviction';
const RESOURCES = 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/';
const ONE = nodes({ n1: {} });

/** Room on nodes, and whose pods are scheduled at all. */
export const RESOURCE_CASES: readonly ConformanceCase[] = [
  {
    name: 'A pod that fits is bound, which its condition and an event tell',
    source: `${SCHEDULING}/kube-scheduler/`,
    nodes: ONE,
    steps: [
      create(pod('web', { requests: { cpu: '1' } })),
      placed('web', 'n1'),
      said('web', {
        type: 'Normal',
        reason: 'Scheduled',
        message: 'Successfully assigned shop/web to n1',
        action: 'Binding',
        reportingComponent: 'default-scheduler',
      }),
    ],
  },
  {
    name: 'A pod larger than any node waits, and no eviction would help',
    source: RESOURCES,
    nodes: ONE,
    steps: [
      create(pod('big', { requests: { cpu: '64' } })),
      waits('big', hopeless(1, '1 Insufficient cpu')),
      said('big', {
        type: 'Warning',
        reason: 'FailedScheduling',
        message: hopeless(1, '1 Insufficient cpu'),
        action: 'Scheduling',
      }),
    ],
  },
  {
    name: 'Every resource that is short is told',
    source: RESOURCES,
    nodes: ONE,
    steps: [
      create(
        pod('big', { container: { resources: { limits: { cpu: '64', memory: '1Ti', 'example.com/gpu': '1' } } } }),
      ),
      waits('big', hopeless(1, '1 Insufficient cpu, 1 Insufficient example.com/gpu, 1 Insufficient memory')),
    ],
  },
  {
    name: 'A pod waits while others take the room, and nobody of its own importance leaves for it',
    source: RESOURCES,
    nodes: ONE,
    steps: [
      create(pod('first', { requests: { cpu: '3' } })),
      placed('first', 'n1'),
      create(pod('second', { requests: { cpu: '2' } })),
      waits('second', crowded(1, '1 Insufficient cpu')),
      deletePod('first'),
      placed('second', 'n1'),
    ],
  },
  {
    name: 'A node takes no more pods than it says',
    source: 'https://kubernetes.io/docs/setup/best-practices/cluster-large/',
    nodes: nodes({ n1: { capacity: { cpu: '4', memory: '16Gi', pods: '1' } } }),
    steps: [
      create(pod('first')),
      placed('first', 'n1'),
      create(pod('second')),
      waits('second', crowded(1, '1 Too many pods')),
    ],
  },
  {
    name: 'An init container that needs more than the containers decides what the pod needs',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers',
    nodes: ONE,
    steps: [
      create(
        pod('web', {
          requests: { cpu: '1' },
          spec: { initContainers: [{ name: 'init', image: 'pause:3.10', resources: { requests: { cpu: '5' } } }] },
        }),
      ),
      waits('web', hopeless(1, '1 Insufficient cpu')),
    ],
  },
  {
    name: 'A limit without a request is a request',
    source: RESOURCES,
    nodes: ONE,
    steps: [
      create(pod('web', { container: { resources: { limits: { cpu: '5' } } } })),
      waits('web', hopeless(1, '1 Insufficient cpu')),
    ],
  },
  {
    name: 'Without nodes a pod waits for one, and gets the first that comes with room',
    source: 'pkg/scheduler/schedule_one.go',
    steps: [create(pod('web')), waits('web', 'no nodes available to schedule pods')],
  },
  {
    name: 'Of two nodes the emptier is better',
    source: 'https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins',
    nodes: nodes({ n1: {}, n2: {} }),
    steps: [
      create(pod('first', { requests: { cpu: '2', memory: '8Gi' }, spec: { nodeName: 'n1' } })),
      { passMs: 1000 },
      create(pod('second', { requests: { cpu: '1', memory: '4Gi' } })),
      placed('second', 'n2'),
    ],
  },
  {
    name: 'Two pods cannot take one port of a node',
    source: 'pkg/scheduler/framework/plugins/nodeports/node_ports.go',
    nodes: ONE,
    steps: [
      create(pod('first', { container: { ports: [{ containerPort: 80, hostPort: 80 }] } })),
      placed('first', 'n1'),
      create(pod('second', { container: { ports: [{ containerPort: 80, hostPort: 80 }] } })),
      waits('second', crowded(1, "1 node(s) didn't have free ports for the requested pod ports")),
    ],
  },
  {
    name: 'Another scheduler’s pods are left to it',
    source: 'https://kubernetes.io/docs/tasks/extend-kubernetes/configure-multiple-schedulers/',
    nodes: ONE,
    steps: [
      create(pod('web', { spec: { schedulerName: 'mine' } })),
      {
        verb: 'list',
        resource: 'v1/events',
        namespace: 'shop',
        expect: { none: [{ involvedObject: { name: 'web' } }] },
        staysMs: 10_000,
      },
    ],
  },
  {
    name: 'A pod that names its node is scheduled by nobody',
    source: `${SCHEDULING}/assign-pod-node/#nodename`,
    nodes: ONE,
    steps: [
      create(pod('web', { spec: { nodeName: 'n1' } })),
      { passMs: 5000 },
      {
        verb: 'list',
        resource: 'v1/events',
        namespace: 'shop',
        expect: { none: [{ reason: 'Scheduled', involvedObject: { name: 'web' } }] },
      },
    ],
  },
  {
    name: 'Whoever schedules binds by a Binding, once',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/binding-v1/',
    nodes: nodes({ n1: zone('a') }),
    steps: [
      create(pod('web', { spec: { schedulerName: 'mine' } })),
      bind('web', 'n1'),
      {
        verb: 'get',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'web',
        expect: {
          body: {
            metadata: { generation: 1, labels: { 'topology.kubernetes.io/zone': 'a' } },
            spec: { nodeName: 'n1' },
          },
        },
      },
      {
        ...bind('web', 'n1'),
        expect: {
          code: 409,
          reason: 'Conflict',
          message: 'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "n1"',
        },
      },
    ],
  },
  {
    name: 'A gated pod cannot be bound',
    source: 'pkg/registry/core/pod/storage/storage.go',
    nodes: ONE,
    steps: [
      create(pod('web', { spec: { schedulingGates: [{ name: 'example.com/a' }] } })),
      {
        ...bind('web', 'n1'),
        expect: {
          code: 409,
          message: 'Operation cannot be fulfilled on pods/binding "web": pod web has non-empty .spec.schedulingGates',
        },
      },
    ],
  },
];

function bind(name: string, node: string): RequestStep {
  return {
    verb: 'create',
    resource: 'v1/pods',
    namespace: 'shop',
    name,
    subresource: 'binding',
    body: {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    },
  };
}
