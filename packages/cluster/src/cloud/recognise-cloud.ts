/** Tells which cloud listing a JSON value is, so that a dump's files may have any name. */
import { isRecord, type Json } from '../model/unknown-json.ts';
import { isQuotaHistory } from './quota-history.ts';
import { urlName } from './resource-url.ts';

/** The cloud listings that are understood. */
export type CloudInputType =
  | 'region'
  | 'project'
  | 'addresses'
  | 'forwarding-rules'
  | 'disks'
  | 'cluster'
  | 'node-pools'
  | 'quotas'
  | 'quota-history'
  | 'visibility';

/** What a value was recognised as. */
export interface CloudInput {
  readonly type: CloudInputType;
}

/** Items looked at before a list counts as unknown. */
const LOOKED_AT = 20;

/** `kind` of the Compute API, singular, lists and aggregated lists alike. */
const KINDS: readonly (readonly [RegExp, CloudInputType])[] = [
  [/^compute#region(?:List)?$/, 'region'],
  [/^compute#project$/, 'project'],
  [/^compute#address(?:List|AggregatedList)?$/, 'addresses'],
  [/^compute#forwardingRule(?:List|AggregatedList)?$/, 'forwarding-rules'],
  [/^compute#disk(?:List|AggregatedList)?$/, 'disks'],
];

/** Empty listings look alike; only the file's name tells them apart. */
const NAMES: readonly (readonly [RegExp, CloudInputType])[] = [
  [/forwarding[-_]?rules?/i, 'forwarding-rules'],
  [/address(?:es)?/i, 'addresses'],
  [/disks?(?!\w)/i, 'disks'],
  [/node[-_]?pools?/i, 'node-pools'],
  [/visibility/i, 'visibility'],
  [/quotas?/i, 'quotas'],
  [/regions?/i, 'region'],
];

/**
 * The type of a parsed JSON value, or `undefined` when it is none of ours (Kubernetes objects never are).
 * `source` is the file's name; it is looked at for empty lists only.
 */
export function recogniseCloud(value: unknown, source = ''): CloudInput | undefined {
  const type = Array.isArray(value) ? typeOfList(value, source) : typeOfItem(value);
  return type === undefined ? undefined : { type };
}

function typeOfList(list: readonly unknown[], source: string): CloudInputType | undefined {
  if (list.length === 0) return NAMES.find(([pattern]) => pattern.test(urlName(source)))?.[1];
  for (const item of list.slice(0, LOOKED_AT)) {
    const type = typeOfItem(item);
    if (type !== undefined) return type;
  }
  return undefined;
}

function typeOfItem(value: unknown): CloudInputType | undefined {
  if (!isRecord(value) || value['apiVersion'] !== undefined) return undefined;
  const { kind } = value;
  if (typeof kind === 'string') return KINDS.find(([pattern]) => pattern.test(kind))?.[1];
  return SHAPES.find(([fits]) => fits(value))?.[1];
}

const SHAPES: readonly (readonly [(value: Json) => boolean, CloudInputType])[] = [
  [isQuotaHistory, 'quota-history'],
  [isVisibility, 'visibility'],
  [
    (value) =>
      Array.isArray(value['entries']) && value['entries'].some((entry) => isRecord(entry) && isVisibility(entry)),
    'visibility',
  ],
  [(value) => has(value, 'clusters', 'list') || has(value, 'currentMasterVersion', 'string'), 'cluster'],
  [
    (value) => has(value, 'nodePools', 'list') && (has(value, 'name', 'string') || has(value, 'locations', 'list')),
    'cluster',
  ],
  [(value) => has(value, 'nodePools', 'list') || isNodePool(value), 'node-pools'],
  [(value) => has(value, 'quotas', 'list') && has(value, 'zones', 'list') && has(value, 'name', 'string'), 'region'],
  [(value) => has(value, 'quotas', 'list') && has(value, 'commonInstanceMetadata', 'object'), 'project'],
  [(value) => has(value, 'quotas', 'list'), 'quotas'],
  [(value) => has(value, 'metric', 'string') && 'limit' in value, 'quotas'],
  [(value) => has(value, 'IPAddress', 'string') && has(value, 'loadBalancingScheme', 'string'), 'forwarding-rules'],
  [(value) => 'sizeGb' in value && has(value, 'type', 'string') && has(value, 'name', 'string'), 'disks'],
  [(value) => has(value, 'address', 'string') && has(value, 'addressType', 'string'), 'addresses'],
];

function isVisibility(value: Json): boolean {
  if (typeof value['logName'] === 'string' && value['logName'].includes('cluster-autoscaler-visibility')) return true;
  const payload = value['jsonPayload'];
  return (
    isRecord(payload) && ['decision', 'resultInfo', 'noDecisionStatus'].some((branch) => isRecord(payload[branch]))
  );
}

function isNodePool(value: Json): boolean {
  const { config } = value;
  return has(value, 'name', 'string') && isRecord(config) && has(config, 'machineType', 'string');
}

function has(value: Json, key: string, type: 'list' | 'object' | 'string'): boolean {
  const part = value[key];
  if (type === 'list') return Array.isArray(part);
  return type === 'object' ? isRecord(part) : typeof part === 'string';
}
