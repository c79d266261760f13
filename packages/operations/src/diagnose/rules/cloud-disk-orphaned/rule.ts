/** A disk that no PersistentVolume names and no machine has. */
import { LIST_PRICES, type CloudDisk, type ClusterSnapshot } from '@aia/cluster';
import { isReadAtAll } from '../../absence.ts';
import { computeRef, costText } from '../../cloud/cloud-ownership.ts';
import type { Rule } from '../../rule.ts';

/** A disk is detached for a while when its pod moves or its cluster is rebuilt. */
const LONG_DETACHED_MS = 24 * 60 * 60_000;

/** Facts: region, zone, sizeGb, diskType, isOwn (its label names this cluster), monthlyCost (absent for types without a price), currency, pricesAsOf. */
export const rule: Rule = {
  code: 'cloud-disk-orphaned',
  title: 'Disk is left over',
  severity: 'low',
  explanation:
    'A disk that Kubernetes made is attached to no machine, and no PersistentVolume names it: its claim was deleted while the volume was to ' +
    'be retained, or its cluster is gone. It holds quota and money, and perhaps the only copy of data. It is low when its label names this ' +
    'cluster, and information when nothing says whose it is. The rule stays silent for disks of other clusters, for disks that Kubernetes did ' +
    'not make, for those made or detached within a day, and where no PersistentVolume was read.',
  remediation: {
    class: 'free-quota',
    text: 'Look at what is on it; take a snapshot or bind it to a PersistentVolume again, else delete the disk.',
  },
  aliases: {},
  needs: [],
  *check({ snapshot, now }) {
    const { disks } = snapshot.cloud;
    if (disks === undefined || !isVolumesRead(snapshot)) return;
    const named = namedDisks(snapshot);
    for (const disk of disks) {
      const { name, zone, region, sizeGb, type, description, createdAt = 0, lastDetachedAt = 0 } = disk;
      if (disk.users.length > 0 || named.has(name) || !isMadeByKubernetes(disk)) continue;
      const owner = ownerOf(snapshot, disk);
      if (owner === 'other' || now - Math.max(createdAt, lastDetachedAt) < LONG_DETACHED_MS) continue;
      const price = Object.hasOwn(LIST_PRICES.diskGbMonthly, type) ? LIST_PRICES.diskGbMonthly[type] : undefined;
      const cost = price === undefined ? undefined : price * sizeGb;
      yield {
        resource: computeRef('Disk', zone || region, name),
        severity: owner === 'own' ? 'low' : 'info',
        message: `Disk ${name} (${sizeGb} GB ${type}) in ${zone || region} is attached to no machine and no PersistentVolume names it${cost === undefined ? '' : `; it costs ${costText(cost, LIST_PRICES)}`}${owner === 'own' ? '' : '. Nothing says whether it belongs to this cluster'}.`,
        evidence: [
          {
            kind: 'cloud',
            source: 'disks',
            text: `${name}: no users${description === '' ? '' : `, ${description.slice(0, 300)}`}`,
            at: undefined,
          },
        ],
        facts: {
          region,
          zone,
          sizeGb,
          diskType: type,
          isOwn: owner === 'own',
          ...(cost !== undefined && { monthlyCost: Math.round(cost * 100) / 100 }),
          currency: LIST_PRICES.currency,
          pricesAsOf: LIST_PRICES.asOf,
        },
      };
    }
  },
};

/** In a dump without any volume they were most likely not read. */
function isVolumesRead(snapshot: ClusterSnapshot): boolean {
  const isMissing = snapshot.missing.some(({ input }) => /persistent-?volumes|\/PersistentVolume$/i.test(input));
  return !isMissing && (snapshot.list('PersistentVolume').length > 0 || isReadAtAll(snapshot, 'StorageClass'));
}

/** Disks by the names in volumes: the handle of the CSI driver ends with it. */
function namedDisks(snapshot: ClusterSnapshot): ReadonlySet<string> {
  return new Set(
    snapshot.list('PersistentVolume').flatMap(({ metadata, spec }) => {
      const handle = spec?.csi?.volumeHandle ?? '';
      return [metadata.name, spec?.gcePersistentDisk?.pdName ?? '', handle.slice(handle.lastIndexOf('/') + 1)];
    }),
  );
}

function isMadeByKubernetes({ description, labels, name }: CloudDisk): boolean {
  return (
    description.includes('kubernetes.io/created-for/pv') ||
    (CLUSTER_LABEL in labels && /(?:^|-)pvc-[0-9a-f]{8}-/.test(name))
  );
}

/** GKE's labels on what it makes. */
const CLUSTER_LABEL = 'goog-k8s-cluster-name';
const LOCATION_LABEL = 'goog-k8s-cluster-location';

function ownerOf({ cloud }: ClusterSnapshot, { labels }: CloudDisk): 'own' | 'other' | 'unknown' {
  const { [CLUSTER_LABEL]: name, [LOCATION_LABEL]: location } = labels;
  if (name === undefined || cloud.cluster === undefined) return 'unknown';
  const isHere = location === undefined || location === cloud.cluster.location;
  return name === cloud.cluster.name && isHere ? 'own' : 'other';
}
