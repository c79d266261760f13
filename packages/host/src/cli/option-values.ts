/** Numbers that options take. */
import { InvalidArgumentError } from 'commander';

/** A whole number within bounds, both included. */
export function wholeNumber(from: number, to: number) {
  return (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < from || number > to)
      throw new InvalidArgumentError(`"${value}" is not a whole number from ${from} to ${to}.`);
    return number;
  };
}
