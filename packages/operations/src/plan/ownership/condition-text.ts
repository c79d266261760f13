/** Conditions for people. */
import { refText } from '@aia/cluster';
import type { Condition } from '@aia/contract';

/** A condition in words. */
export function conditionText(condition: Condition): string {
  if (condition.kind === 'told') return condition.statement;
  if (condition.kind === 'field')
    return `${refText(condition.target)}: ${condition.path} is ${condition.value === undefined ? 'absent' : JSON.stringify(condition.value)}`;
  if (condition.kind === 'quota-room')
    return `quota ${condition.metric} of ${condition.region} has room for ${condition.amount}`;
  if (condition.kind === 'quota-below')
    return `quota ${condition.metric} of ${condition.region} is used at most ${Math.round(condition.share * 100)} %`;
  if (condition.kind === 'pool-size')
    return `node pool ${condition.pool} has at least ${condition.atLeast} ready nodes`;
  if (condition.kind === 'condition')
    return `${refText(condition.target)}: condition ${condition.type} is ${condition.status}`;
  if (condition.kind === 'not-refused') return `${refText(condition.target)} is not refused pods by ${condition.by}`;
  if (condition.kind === 'disruption-allowed')
    return `${refText(condition.target)} allows ${condition.atLeast} evictions`;
  return `${refText(condition.target)} ${WORDS[condition.kind]}`;
}

const WORDS = {
  exists: 'is there',
  absent: 'is gone',
  available: 'has all its pods, of the newest revision',
  scheduled: 'has no pod that waits for a node',
  endpoints: 'has ready endpoints',
  address: 'has its address',
  'no-address': 'holds no address',
  bound: 'is bound',
} as const;
