/** Happenings that are told in one line: the same to pods of one workload, within a minute, or again and again. */
import type { WhatIfReport } from '@aia/contract';

type Happening = WhatIfReport['happenings'][number];

/** Several happenings. */
export interface Group extends Happening {
  readonly count: number;
  /** Of the last of them; `at` is that of the first. */
  readonly lastAt: number;
}

const WITHIN_MS = 60_000;
/** What comes more often goes round in a circle, and is summed up. */
const TOLD_SINGLY = 2;

/** In the order of their first. */
export function grouped(happenings: readonly Happening[]): readonly Group[] {
  const open = new Map<string, { -readonly [K in keyof Group]: Group[K] }>();
  const told = new Map<string, number>();
  const groups: Group[] = [];
  for (const one of happenings) {
    const key = `${one.type}\n${one.about}\n${one.message}`;
    const known = open.get(key);
    const times = told.get(key) ?? 0;
    if (known !== undefined && (one.at - known.at <= WITHIN_MS || times >= TOLD_SINGLY)) {
      known.count++;
      known.lastAt = one.at;
      continue;
    }
    const group = { ...one, count: 1, lastAt: one.at };
    open.set(key, group);
    told.set(key, times + 1);
    groups.push(group);
  }
  return groups;
}
