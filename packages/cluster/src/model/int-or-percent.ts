/** Numbers that may be given as a share of another. Source: `k8s.io/apimachinery/pkg/util/intstr`, `GetScaledValueFromIntOrPercent`. */

/** `3` or `25%`. */
export type IntOrPercent = number | string;

/** The number; percents of `total` are rounded as told. What is neither counts as 0. */
export function scaledValue(value: IntOrPercent | undefined, total: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value ?? '');
  if (percent === null) return 0;
  const exact = (Number(percent[1]) * total) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
