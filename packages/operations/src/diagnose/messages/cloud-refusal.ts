/** Refusals of the cloud: errors of GCE and its siblings, codes of the autoscaler, ids of GKE's visibility log. */
import { CAUSE_ROWS, GENERAL_ROWS, GROUP_ROWS, QUOTA_CODE_ROWS, QUOTA_ROWS } from './cloud-rows.ts';
import { plainText } from './event-text.ts';
import type { CloudCause, CloudRefusal } from './message.ts';
import { firstMatch, groupsOf } from './row.ts';

const ZONE = /\bzones?[/ ]'?([a-z]{2,24}-[a-z]{2,24}\d{1,2}-[a-z])(?![\w-])/;
const REGION = /\b(?:regions?[/ ]|region: |location: )'?([a-z]{2,24}-[a-z]{2,24}\d{1,2})(?![\w-])/;
/** Quotas named in one text; more than a report can use. */
const QUOTA_CAP = 20;

/**
 * Reads why the cloud refused something: `Quota 'CPUS' exceeded. Limit: 57.0 in region us-central1.`,
 * `ZONE_RESOURCE_POOL_EXHAUSTED`, `googleapi: Error 404: …`. The most telling cause where there are several.
 * `undefined` for a text that no row knows.
 */
export function parseCloudRefusal(text: string): CloudRefusal | undefined {
  const plain = plainText(text);
  const [first] = refusalsIn(plain);
  return first === undefined ? undefined : { ...first, text: plain };
}

/** All refusals that a text names, the most telling first; a metric appears once per place. */
export function refusalsIn(text: string): readonly CloudRefusal[] {
  const quotas = quotasIn(text);
  const code = quotas.length > 0 ? undefined : firstMatch(QUOTA_CODE_ROWS, text);
  const causes = CAUSE_ROWS.filter((row) => row.pattern.test(text)).map((row) => row.cause);
  if (code !== undefined) causes.unshift(code.row.cause);
  const named = [...new Set(causes)].map((cause) => placed(cause, text));
  if (quotas.length + named.length > 0) return [...quotas, ...named];
  const general = firstMatch([...GROUP_ROWS, ...GENERAL_ROWS], text);
  return general === undefined ? [] : [placed(general.row.cause, text)];
}

/** The words of the autoscaler about one node group; `undefined` where they are none of its own. */
export function groupRefusal(text: string): CloudRefusal | undefined {
  const found = firstMatch(GROUP_ROWS, text);
  return found === undefined ? undefined : { cause: found.row.cause, text };
}

function quotasIn(text: string): readonly CloudRefusal[] {
  const found = new Map<string, CloudRefusal>();
  // Once for the text, not once for each quota: a text may repeat a quota many times.
  const around = placeIn(text);
  for (const { pattern } of QUOTA_ROWS) {
    for (const match of text.matchAll(pattern)) {
      const refusal = quotaOf(match, around);
      found.set(`${refusal.metric} ${refusal.region} ${refusal.zone}`, refusal);
      if (found.size === QUOTA_CAP) return [...found.values()];
    }
  }
  return [...found.values()];
}

function quotaOf(match: RegExpExecArray, around: Place): CloudRefusal {
  const { metric, limit, region, zone, global } = groupsOf(match, 'metric', 'limit', 'region', 'zone', 'global');
  const place = global !== undefined ? { region: 'global' } : region !== undefined || zone !== undefined ? {} : around;
  const number = limit === undefined ? NaN : Number(limit);
  return {
    cause: 'quota',
    ...(metric === undefined ? {} : { metric }),
    ...(Number.isFinite(number) ? { limit: number } : {}),
    ...(region === undefined ? {} : { region }),
    ...(zone === undefined ? {} : { zone }),
    ...place,
    text: match[0],
  };
}

function placed(cause: CloudCause, text: string): CloudRefusal {
  return { cause, ...placeIn(text), text };
}

type Place = Pick<CloudRefusal, 'zone' | 'region'>;

/** Zone and region that a text names, in a sentence or in a resource's path. */
function placeIn(text: string): Place {
  const zone = ZONE.exec(text)?.[1];
  const region = REGION.exec(text)?.[1];
  return { ...(region === undefined ? {} : { region }), ...(zone === undefined ? {} : { zone }) };
}

/**
 * Ids of the visibility log that refuse a scale-up, longest prefix first; ids of scale-down are no refusals. The typo in
 * `unsupportred` is GKE's. Source: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility
 */
const VISIBILITY_IDS: readonly (readonly [string, CloudCause])[] = [
  ['scale.up.error.out.of.resources', 'stock-out'],
  ['scale.up.error.quota.exceeded', 'quota'],
  ['scale.up.error.waiting.for.instances.timeout', 'timeout'],
  ['scale.up.error.ip.space.exhausted', 'ip-space'],
  ['scale.up.error.service.account.deleted', 'service-account'],
  ['scale.up.error.unsupportred.compact.placement.config', 'placement'],
  ['scale.up.error.unsupported.compact.placement.config', 'placement'],
  ['scale.up.error.compact.placement.node.group.already.exists', 'placement'],
  ['scale.up.error.tpu.', 'placement'],
  ['scale.up.error.invalid.reservation', 'reservation'],
  ['scale.up.error.reservation.', 'reservation'],
  ['scale.up.error.any.affinity.reservations.', 'reservation'],
  ['scale.up.error.', 'other'],
  ['no.scale.up.mig.failing.predicate', 'placement'],
  ['no.scale.up.mig.', 'other'],
  ['no.scale.up.in.backoff', 'backoff'],
  ['no.scale.up.nap.node.groups.limit.reached', 'cluster-limit'],
  ['no.scale.up.nap.no.locations.available', 'placement'],
  ['no.scale.up.nap.pod.zonal.resources.exceeded', 'cluster-limit'],
  ['no.scale.up.nap.pod.gpu.no.limit.defined', 'cluster-limit'],
  ['no.scale.up.nap.pod.', 'placement'],
  ['no.scale.up.', 'other'],
];

const ZONE_NAME = /^[a-z]{2,24}-[a-z]{2,24}\d{1,2}-[a-z]$/;

/**
 * Reads a reason of the visibility log. Parameters are node groups, zones or sentences, whatever the id asks for; a sentence
 * that says more than the id wins. `undefined` for ids of scale-down and unknown ones.
 */
export function parseVisibilityId(messageId: string, parameters: readonly string[]): CloudRefusal | undefined {
  const known = VISIBILITY_IDS.find(([id]) => (id.endsWith('.') ? messageId.startsWith(id) : messageId === id));
  if (known === undefined) return undefined;
  const words = parameters.map(plainText);
  const text = words.length === 0 ? messageId : `${messageId}: ${words.join(', ')}`;
  const zone = words.find((word) => ZONE_NAME.test(word));
  const place = { ...placeIn(text), ...(zone === undefined ? {} : { zone }) };
  const [named] = quotasIn(text);
  if (named !== undefined && known[1] === 'quota') return { ...place, ...named, text };
  const detail = known[1] === 'other' ? words.flatMap(refusalsIn)[0]?.cause : undefined;
  return { cause: detail ?? known[1], ...place, text };
}
