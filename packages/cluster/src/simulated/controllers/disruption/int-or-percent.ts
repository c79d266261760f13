/** Numbers that may be given as shares: `maxUnavailable: 25%`. Source: `k8s.io/apimachinery/pkg/util/intstr` */

/** The number; of a percentage that share of `total`, rounded up. Text that is no percentage counts as 0. */
export function scaledRoundingUp(value: number | string, total: number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * total) / 100);
}
