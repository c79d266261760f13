/** Amounts of CPU and memory. */

/** Thousandths of a CPU, and bytes. */
export interface Amounts {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

export const GIB = 2 ** 30;
export const MIB = 2 ** 20;
