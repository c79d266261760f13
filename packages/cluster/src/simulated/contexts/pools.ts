/**
 * What names, images, machines and places are drawn from. Training and held-out draw from pools that have nothing in common, so that what was
 * learnt by heart in the one is worth nothing in the other.
 */
import type { Split } from './context.ts';

/** A program with storage of its own, as people run them. */
export interface StatefulProgram {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly mountPath: string;
  /** How many members it has, as usual. */
  readonly members: readonly number[];
}

/** An agent on every node. */
export interface AgentProgram {
  readonly name: string;
  readonly image: string;
}

/** One side's pools. */
export interface Pools {
  readonly projects: readonly string[];
  readonly clusters: readonly string[];
  readonly regions: readonly (readonly [region: string, zones: readonly string[]])[];
  /** Machine types with the weights by which they are drawn. */
  readonly machines: readonly (readonly [type: string, weight: number])[];
  readonly poolNames: readonly string[];
  readonly registries: readonly string[];
  readonly teams: readonly string[];
  readonly environments: readonly string[];
  /** What programs are about, and what they do with it: `orders-api`. */
  readonly subjects: readonly string[];
  readonly roles: readonly string[];
  readonly tasks: readonly string[];
  readonly stateful: readonly StatefulProgram[];
  readonly agents: readonly AgentProgram[];
  readonly priorities: readonly string[];
  readonly domains: readonly string[];
  readonly settings: readonly string[];
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
const program = (
  name: string,
  image: string,
  port: number,
  mountPath: string,
  members: readonly number[],
): StatefulProgram => ({ name, image, port, mountPath, members });

const TRAINING: Pools = {
  projects: words('acme-production nordwind-live brightside-prod kestrel-platform'),
  clusters: words('production main platform-1 live-eu core'),
  regions: [
    ['europe-west1', ['b', 'c', 'd']],
    ['europe-west4', ['a', 'b', 'c']],
    ['us-central1', ['a', 'b', 'c', 'f']],
    ['us-east4', ['a', 'b', 'c']],
  ],
  machines: [
    ['e2-standard-4', 4],
    ['e2-standard-8', 3],
    ['n2-standard-4', 2],
    ['n2-standard-8', 2],
    ['e2-highmem-4', 1],
    ['n2d-standard-8', 1],
  ],
  poolNames: words('default-pool general workers apps memory batch spot backend'),
  registries: words(
    'europe-docker.pkg.dev/acme-production/services eu.gcr.io/nordwind-live ghcr.io/brightside registry.kestrel.example',
  ),
  teams: words(
    'shop payments search media identity reports fleet catalogue checkout billing orders pricing inventory messaging accounts delivery ' +
      'support returns loyalty content',
  ),
  environments: words('prod live'),
  subjects: words(
    'orders cart invoices prices stock users sessions tokens search images video reviews ratings offers coupons refunds shipments routes ' +
      'drivers vouchers ledger exports feeds mails notifications audit events profiles addresses taxes baskets quotes subscriptions',
  ),
  roles: words('api web worker gateway consumer backend frontend sync indexer renderer scheduler proxy'),
  tasks: words('backup cleanup report export rotate reindex archive digest'),
  stateful: [
    program('postgres', 'docker.io/library/postgres:16.4', 5432, '/var/lib/postgresql/data', [1, 2]),
    program('redis', 'docker.io/library/redis:7.4.1', 6379, '/data', [1, 3]),
    program('kafka', 'docker.io/apache/kafka:3.8.0', 9092, '/var/lib/kafka/data', [3]),
    program('rabbitmq', 'docker.io/library/rabbitmq:3.13-management', 5672, '/var/lib/rabbitmq', [3]),
    program(
      'elasticsearch',
      'docker.elastic.co/elasticsearch/elasticsearch:8.15.1',
      9200,
      '/usr/share/elasticsearch/data',
      [3],
    ),
  ],
  agents: [
    { name: 'node-exporter', image: 'quay.io/prometheus/node-exporter:v1.8.2' },
    { name: 'datadog-agent', image: 'gcr.io/datadoghq/agent:7.57.2' },
  ],
  priorities: words('business-critical standard best-effort'),
  domains: words('acme.example nordwind.example brightside.example'),
  settings: words('LOG_LEVEL REGION CACHE_TTL FEATURES TIMEOUT_MS POOL_SIZE TRACING BATCH_SIZE'),
};

const HELD_OUT: Pools = {
  projects: words('halcyon-prd tern-logistics-p meridian-ops solstice-main'),
  clusters: words('gke-prd-01 atlas workloads-a hub services-blue'),
  regions: [
    ['asia-northeast1', ['a', 'b', 'c']],
    ['europe-north1', ['a', 'b', 'c']],
    ['us-west1', ['a', 'b', 'c']],
    ['southamerica-east1', ['a', 'b', 'c']],
  ],
  machines: [
    ['e2-standard-16', 2],
    ['n2d-standard-4', 3],
    ['n2d-highmem-4', 1],
    ['c3-standard-8', 2],
    ['t2d-standard-4', 2],
    ['n2-highmem-8', 1],
  ],
  poolNames: words('pool-1 compute online services highmem nightly standard-a steady'),
  registries: words(
    'asia-docker.pkg.dev/halcyon-prd/containers us-docker.pkg.dev/tern-logistics-p/apps quay.io/meridian harbor.solstice.example/live',
  ),
  teams: words(
    'claims lending treasury telemetry dispatch warehouse customs risk trading onboarding compliance scheduling maps weather grid ' +
      'metering clinical imaging research registry',
  ),
  environments: words('prd main'),
  subjects: words(
    'policies quotes-engine deposits transfers sensors readings parcels manifests containers declarations scores limits trades positions ' +
      'applicants checks calendars slots tiles forecasts loads meters tariffs patients scans cohorts samples certificates permits consents',
  ),
  roles: words('server svc handler edge listener processor-pool ui bridge collector composer planner relay'),
  tasks: words('snapshot purge reconcile settle compact nightly-summary prune verify'),
  stateful: [
    program('mysql', 'docker.io/library/mysql:8.4.2', 3306, '/var/lib/mysql', [1, 2]),
    program('mongodb', 'docker.io/library/mongo:7.0.14', 27_017, '/data/db', [3]),
    program('nats', 'docker.io/library/nats:2.10.20', 4222, '/jetstream', [3]),
    program('cassandra', 'docker.io/library/cassandra:5.0.0', 9042, '/var/lib/cassandra', [3]),
    program('minio', 'quay.io/minio/minio:RELEASE.2024-09-13T20-26-02Z', 9000, '/export', [1, 4]),
  ],
  agents: [
    { name: 'vector', image: 'docker.io/timberio/vector:0.41.1-distroless-static' },
    { name: 'falco', image: 'docker.io/falcosecurity/falco-no-driver:0.38.2' },
  ],
  priorities: words('tier-1 tier-2 tier-3'),
  domains: words('halcyon.example tern.example meridian.example'),
  settings: words('VERBOSITY TENANT RETENTION_DAYS TOGGLES DEADLINE_SECONDS WORKERS SAMPLING CHUNK_SIZE'),
};

export const POOLS: Readonly<Record<Split, Pools>> = { training: TRAINING, 'held-out': HELD_OUT };
