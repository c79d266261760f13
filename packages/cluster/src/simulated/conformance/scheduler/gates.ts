import type { ConformanceCase } from '../conformance-case.ts';
import { create, nodes, placed, pod, waits } from './steps.ts';

const GATES = 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/';
const ONE = nodes({ n1: {} });

/** Pods that are held back. */
export const GATE_CASES: readonly ConformanceCase[] = [
  {
    name: 'A gated pod is held back until its gates are gone',
    source: GATES,
    nodes: ONE,
    steps: [
      create(pod('web', { spec: { schedulingGates: [{ name: 'example.com/a' }, { name: 'example.com/b' }] } })),
      waits('web', 'Scheduling is blocked due to non-empty scheduling gates', 'SchedulingGated'),
      {
        verb: 'patch',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'web',
        body: { spec: { schedulingGates: [{ name: 'example.com/b' }] } },
      },
      waits('web', 'Scheduling is blocked due to non-empty scheduling gates', 'SchedulingGated'),
      { verb: 'patch', resource: 'v1/pods', namespace: 'shop', name: 'web', body: { spec: { schedulingGates: [] } } },
      placed('web', 'n1'),
    ],
  },
  {
    name: 'Nothing is said of a gated pod by events',
    source: GATES,
    nodes: ONE,
    steps: [
      create(pod('web', { spec: { schedulingGates: [{ name: 'example.com/a' }] } })),
      {
        verb: 'list',
        resource: 'v1/events',
        namespace: 'shop',
        expect: { none: [{ involvedObject: { name: 'web' } }] },
        staysMs: 10_000,
      },
    ],
  },
];
