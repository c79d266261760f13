/** CPU time of operations, which other work on the machine disturbs far less than what a clock on the wall shows. */

/** Something to measure; what is asynchronous is waited for. */
export type Operation = () => unknown;

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** CPU time of one operation's share of a round, milliseconds; once is always. */
  readonly roundMs: number;
}

/**
 * Mean CPU time of each operation in milliseconds. They take turns in short rounds, so that whatever drifts falls on all alike. The mean and not the median:
 * signing with ML-DSA takes as many attempts as chance will have it.
 */
export async function meanCpuMs(operations: readonly Operation[], { rounds, roundMs }: Effort): Promise<number[]> {
  const sides: { operation: Operation; count: number; total: number }[] = [];
  for (const operation of operations) {
    await spent(operation, 1);
    sides.push({ operation, count: await countFor(operation, roundMs), total: 0 });
  }
  for (let round = 0; round < rounds; round++)
    for (const side of sides) side.total += await spent(side.operation, side.count);
  return sides.map(({ total, count }) => total / (count * rounds));
}

/** The first operation's time over the second's. */
export async function cpuRatio(ours: Operation, control: Operation, effort: Effort): Promise<number> {
  const [first, second] = (await meanCpuMs([ours, control], effort)) as [number, number];
  return first / second;
}

/** CPU time of one run of anything, milliseconds, all threads of the process together. */
export async function cpuMs(work: () => unknown): Promise<number> {
  return spent(work, 1);
}

/** How often an operation fits into the time, once at least; found by doubling. */
async function countFor(operation: Operation, roundMs: number): Promise<number> {
  for (let count = 1; ; count *= 2) {
    const took = await spent(operation, count);
    if (took >= roundMs / 2) return Math.max(1, Math.round((count * roundMs) / took));
  }
}

async function spent(operation: Operation, count: number): Promise<number> {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    const result = operation();
    if (result instanceof Promise) await result;
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
