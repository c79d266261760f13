import type { ConformanceCase } from './conformance-case.ts';
import { GATE_CASES } from './scheduler/gates.ts';
import { NEIGHBOUR_CASES } from './scheduler/neighbours.ts';
import { NODE_CASES } from './scheduler/nodes.ts';
import { PREEMPTION_CASES } from './scheduler/preemption.ts';
import { RESOURCE_CASES } from './scheduler/resources.ts';
import { VOLUME_SCHEDULING_CASES } from './scheduler/volumes.ts';

/** Placement, waiting and its reasons, preemption. */
export const SCHEDULER_CASES: readonly ConformanceCase[] = [
  ...RESOURCE_CASES,
  ...NODE_CASES,
  ...NEIGHBOUR_CASES,
  ...GATE_CASES,
  ...VOLUME_SCHEDULING_CASES,
  ...PREEMPTION_CASES,
];
