/**
 * Persistent disks: `gcloud compute disks list --format=json` and the REST lists behind it.
 * Source: https://cloud.google.com/compute/docs/reference/rest/v1/disks
 */
import { isRecord, Reading, type Json, type Parsed } from '../model/unknown-json.ts';
import type { CloudDisk } from './cloud.ts';
import { itemsOf } from './compute-items.ts';
import { regionOf, urlName } from './resource-url.ts';

/** Disks of zones and regions. */
export function parseDisks(value: unknown): Parsed<readonly CloudDisk[]> {
  const reading = new Reading();
  const disks: CloudDisk[] = [];
  for (const [item, place] of itemsOf(value, 'disks', reading)) {
    const name = reading.text(item, 'name', place);
    if (name === '') {
      reading.note(place, 'a disk without a name; left out');
      continue;
    }
    const zone = reading.text(item, 'zone', place);
    disks.push({
      name,
      zone: urlName(zone),
      region: regionOf(zone === '' ? reading.text(item, 'region', place) : zone),
      type: urlName(reading.text(item, 'type', place)),
      sizeGb: reading.number(item, 'sizeGb', place) ?? 0,
      users: reading.texts(item, 'users', place).map(urlName),
      description: reading.text(item, 'description', place),
      labels: labelsOf(item),
      createdAt: moment(reading.text(item, 'creationTimestamp', place)),
      lastDetachedAt: moment(reading.text(item, 'lastDetachTimestamp', place)),
    });
  }
  return { value: disks, problems: reading.problems };
}

function labelsOf({ labels }: Json): Readonly<Record<string, string>> {
  if (!isRecord(labels)) return {};
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function moment(text: string): number | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
