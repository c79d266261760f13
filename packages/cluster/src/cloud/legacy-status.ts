/** The text format of the cluster autoscaler's status, up to version 1.29. */
import type { AutoscalerStatus, NodeGroupStatus } from './cloud.ts';
import { goTime } from './autoscaler-time.ts';

/** Fields of one block (`Cluster-wide:` or one of `NodeGroups:`), each `‹word› (‹k=v …›)`. */
interface Block {
  name: string;
  health: string;
  scaleUp: string;
  scaleDown: string;
}

const FIELD = /^\s{0,40}(Name|Health|ScaleUp|ScaleDown):\s{1,40}(\S.{0,4000})$/;

/** Reads it line by line; lines it does not know are passed over. `updatedAt` is used where the head has no time. */
export function readLegacyStatus(text: string, updatedAt: number | undefined): AutoscalerStatus {
  const lines = text.split('\n');
  const whole: Block = emptyBlock('');
  const groups: Block[] = [];
  let block = whole;
  for (const line of lines) {
    const match = FIELD.exec(line);
    if (match === null) continue;
    const [, field, value = ''] = match;
    if (field === 'Name') groups.push((block = emptyBlock(value.trim())));
    else if (field === 'Health') block.health = value;
    else if (field === 'ScaleUp') block.scaleUp = value;
    else block.scaleDown = value;
  }
  const head = /status at (.{10,60}?):?\s*$/m.exec(text.slice(0, 200));
  return {
    format: 'text',
    updatedAt: goTime(head?.[1]) ?? updatedAt,
    // The text format has no such word; what writes a status with blocks is running.
    status: whole.health === '' ? 'Initializing' : 'Running',
    health: word(whole.health),
    scaleUp: word(whole.scaleUp),
    scaleDown: word(whole.scaleDown),
    nodeGroups: groups.map(groupStatus),
  };
}

function groupStatus({ name, health, scaleUp, scaleDown }: Block): NodeGroupStatus {
  return {
    name,
    health: word(health),
    ready: amount(health, 'ready'),
    target: amount(health, 'cloudProviderTarget'),
    minSize: amount(health, 'minSize'),
    maxSize: amount(health, 'maxSize'),
    scaleUp: word(scaleUp),
    scaleDown: word(scaleDown),
    // The format tells that a group is in back-off, not why.
    backoff: undefined,
  };
}

function emptyBlock(name: string): Block {
  return { name, health: '', scaleUp: '', scaleDown: '' };
}

/** `Healthy (ready=1 …)` → `Healthy`. */
function word(field: string): string {
  return /^\w{1,40}/.exec(field)?.[0] ?? '';
}

function amount(field: string, key: string): number {
  const match = new RegExp(`(?:^|[\\s(,])${key}=(\\d{1,9})`).exec(field);
  return match === null ? 0 : Number(match[1]);
}
