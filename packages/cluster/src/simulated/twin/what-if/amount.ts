/** Numbers and quantities in proposed changes. */
import { amountOf } from '../../../model/quantity.ts';

/**
 * `64` or, relative to what is now, `+8` and `-8`; not below 0.
 * @throws RangeError for anything else
 */
export function amountFrom(value: string, now: number, text: string): number {
  if (!/^[+-]?\d+(?:\.\d+)?$/.test(value))
    throw new RangeError(`"${text}": "${value}" is no number; it is written 64, or +8 and -8 from what is now`);
  const amount = /^[+-]/.test(value) ? now + Number(value) : Number(value);
  if (amount < 0) throw new RangeError(`"${text}": ${now} ${value} is below 0`);
  return amount;
}

/** As {@link amountFrom}, of whole things. */
export function countFrom(value: string, now: number, text: string): number {
  const count = amountFrom(value, now, text);
  if (!Number.isInteger(count)) throw new RangeError(`"${text}": "${value}" is no whole number`);
  return count;
}

/** A quantity as Kubernetes writes it. @throws RangeError for anything else */
export function quantityFrom(resource: string, value: string, text: string): string {
  if (amountOf(resource, value) === undefined)
    throw new RangeError(`"${text}": "${value}" is no quantity; it is written 250m, 2, 512Mi or 4Gi`);
  return value;
}
