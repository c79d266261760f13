/** Happenings that are told in one line: the same to pods of one workload, within a minute. */
import type { WhatIfReport } from '@aia/contract';

type Happening = WhatIfReport['happenings'][number];

/** Several happenings. */
export interface Group extends Happening {
  readonly count: number;
  /** Of the last of them; `at` is that of the first. */
  readonly lastAt: number;
}

const WITHIN_MS = 60_000;

/** In the order of their first. */
export function grouped(happenings: readonly Happening[]): readonly Group[] {
  const open = new Map<string, { -readonly [K in keyof Group]: Group[K] }>();
  const groups: Group[] = [];
  for (const one of happenings) {
    const key = `${one.type}\n${one.about}\n${one.message}`;
    const known = open.get(key);
    if (known !== undefined && one.at - known.at <= WITHIN_MS) {
      known.count++;
      known.lastAt = one.at;
      continue;
    }
    const group = { ...one, count: 1, lastAt: one.at };
    open.set(key, group);
    groups.push(group);
  }
  return groups;
}
