/** How large pods are, and how many workloads of how many pods fill a cluster to its load. */
import type { Node } from '../../../model/kinds.ts';
import { cpuMillis, wholeUnits } from '../../../model/quantity.ts';
import type { Context } from '../context.ts';
import type { Draw } from '../draw.ts';
import { GIB, MIB, type Amounts } from './amounts.ts';

/** Around which requests lie. */
const USUAL_CPU_MILLIS = 250;
/** By how much requests differ where workloads differ as far as they may. */
const SPREAD = 8;
/** Agents of the system on each node, and its Deployments, in round figures. */
const AGENTS: Amounts = { cpuMillis: 85, memoryBytes: 190 * MIB };

export function allocatableOf({ status }: Node): Amounts {
  return {
    cpuMillis: cpuMillis(status?.allocatable?.['cpu'] ?? '0') ?? 0,
    memoryBytes: wholeUnits(status?.allocatable?.['memory'] ?? '0') ?? 0,
  };
}

/** What workloads of teams may request together at a load. */
export function budgetOf(nodes: readonly Node[], load: number): Amounts {
  const all = nodes.map(allocatableOf).reduce(plus, { cpuMillis: 0, memoryBytes: 0 });
  return {
    cpuMillis: Math.max(0, all.cpuMillis * load - nodes.length * AGENTS.cpuMillis - 300),
    memoryBytes: Math.max(0, all.memoryBytes * load - nodes.length * AGENTS.memoryBytes - GIB / 2),
  };
}

/** The largest pod that finds room on every node of a cluster at a load, since the scheduler spreads pods evenly. */
export function largestPod(nodes: readonly Node[], load: number): Amounts {
  const smallest = (amount: (one: Amounts) => number) => Math.min(...nodes.map((node) => amount(allocatableOf(node))));
  const room = Math.max(0.04, (1 - load) * 0.6);
  return {
    cpuMillis: smallest((one) => one.cpuMillis) * room,
    memoryBytes: smallest((one) => one.memoryBytes) * room,
  };
}

/** Requests of a pod, rounded as people round them. */
export function drawRequest({ heterogeneity }: Context, draw: Draw, largest: Amounts): Amounts {
  const cpu = USUAL_CPU_MILLIS * SPREAD ** (heterogeneity * draw.number(-1, 1));
  const perCpu = draw.number(2, 2 + 2 * heterogeneity + 0.5) * GIB;
  const memory = (Math.min(cpu, largest.cpuMillis) / 1000) * perCpu;
  return {
    cpuMillis: stepped(Math.min(cpu, largest.cpuMillis), cpu > 250 ? 50 : cpu > 50 ? 10 : 5, 5),
    memoryBytes: stepped(Math.min(memory, largest.memoryBytes), memory > GIB ? 128 * MIB : 32 * MIB, 32 * MIB),
  };
}

function stepped(amount: number, step: number, least: number): number {
  return Math.max(least, Math.floor(amount / step) * step);
}

/** How many pods a workload has on average, so that a namespace of some workloads fills its part of the budget. */
export function meanReplicas(budget: Amounts, workloads: number): number {
  return Math.max(1, budget.cpuMillis / USUAL_CPU_MILLIS / workloads);
}

/** How many workloads a namespace has, by what it may request. */
export function workloadCount(budget: Amounts, draw: Draw): number {
  const pods = budget.cpuMillis / USUAL_CPU_MILLIS;
  return Math.min(30, Math.max(2, Math.round(pods / draw.number(2.2, 4.5))));
}

export function plus(a: Amounts, b: Amounts): Amounts {
  return { cpuMillis: a.cpuMillis + b.cpuMillis, memoryBytes: a.memoryBytes + b.memoryBytes };
}

/** What is left; below nothing where more was taken. */
export function minus(a: Amounts, b: Amounts, times = 1): Amounts {
  return { cpuMillis: a.cpuMillis - times * b.cpuMillis, memoryBytes: a.memoryBytes - times * b.memoryBytes };
}

/** How often an amount fits into another. */
export function timesIn(room: Amounts, one: Amounts): number {
  return Math.floor(Math.min(room.cpuMillis / one.cpuMillis, room.memoryBytes / one.memoryBytes));
}
