/**
 * Quotas of the Compute API: `gcloud compute regions describe R`, `regions list`, `project-info describe` (all with
 * `--format=json`) and plain lists `[{ metric, limit, usage, region? }]`.
 * Source: https://cloud.google.com/compute/docs/reference/rest/v1/regions and …/v1/projects
 */
import { Reading, type Json, type Parsed } from '../model/unknown-json.ts';
import type { Quota } from './cloud.ts';
import { itemsOf } from './compute-items.ts';
import { urlName, urlPart } from './resource-url.ts';

/** Quotas of one region, or of a project (`region` is `global`). */
export interface RegionQuotas {
  readonly region: string;
  /** Project from the resource's URL, or its own name; `undefined` when not told. */
  readonly project: string | undefined;
  readonly zones: readonly string[];
  /** `undefined`: the cloud could not tell (`quotaStatusWarning`), which is not the same as zero. */
  readonly quotas: readonly Quota[] | undefined;
}

/** Regions, one or many. Entries without a metric name or with unreadable numbers are left out and reported. */
export function parseRegion(value: unknown): Parsed<readonly RegionQuotas[]> {
  const reading = new Reading();
  const regions: RegionQuotas[] = [];
  for (const [item, place] of itemsOf(value, 'regions', reading)) {
    const region = reading.text(item, 'name', place);
    if (region === '') reading.note(place, 'a region without a name; its quotas cannot be placed');
    else regions.push(regionQuotas(item, region, place, reading));
  }
  return { value: regions, problems: reading.problems };
}

/** A project's global quotas. */
export function parseProject(value: unknown): Parsed<readonly RegionQuotas[]> {
  const reading = new Reading();
  const projects = itemsOf(value, 'projects', reading).map(([item, place]) => {
    const name = reading.text(item, 'name', place);
    return { ...regionQuotas(item, 'global', place, reading), project: name === '' ? projectOf(item) : name };
  });
  return { value: projects, problems: reading.problems };
}

/** A plain list of quotas, or `{ quotas: […] }`; an entry without a region is project-wide. */
export function parseQuotas(value: unknown): Parsed<readonly Quota[]> {
  const reading = new Reading();
  const owner: Json = Array.isArray(value) ? { '': value } : ((value ?? {}) as Json);
  const quotas = readQuotas(owner, Array.isArray(value) ? '' : 'quotas', 'global', '', reading);
  return { value: quotas, problems: reading.problems };
}

function regionQuotas(item: Json, region: string, place: string, reading: Reading): RegionQuotas {
  const warning = item['quotaStatusWarning'] ?? undefined;
  if (warning !== undefined) reading.note(place, `quotas of ${region} are unknown: the cloud could not read them`);
  else if (item['quotas'] === undefined) reading.note(place, `quotas of ${region} are not in the file`);
  const known = warning === undefined && item['quotas'] !== undefined;
  return {
    region,
    project: projectOf(item),
    zones: reading.texts(item, 'zones', place).map(urlName),
    quotas: known ? readQuotas(item, 'quotas', region, place, reading) : undefined,
  };
}

function projectOf(item: Json): string | undefined {
  const link = item['selfLink'];
  return typeof link === 'string' ? urlPart(link, 'projects') : undefined;
}

function readQuotas(owner: Json, key: string, region: string, place: string, reading: Reading): readonly Quota[] {
  return reading.records(owner, key, place, (entry, at) => {
    const metric = reading.text(entry, 'metric', at);
    const limit = reading.number(entry, 'limit', at);
    // REST leaves zero values out, but a quota without a limit says nothing.
    const usage = entry['usage'] === undefined ? 0 : reading.number(entry, 'usage', at);
    if (metric === '' || limit === undefined || usage === undefined) {
      reading.note(at, 'a quota needs metric, limit and usage; left out');
      return undefined;
    }
    const own = reading.text(entry, 'region', at);
    return { metric, region: own === '' ? region : urlName(own), limit, usage };
  });
}
