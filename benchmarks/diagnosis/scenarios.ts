/** The composed scenarios: whole clusters with faults whose truth is known, alone, together, hiding each other, and none at all. */
import type { ClusterSnapshot } from '@aia/cluster';
import { healthyWorld } from './background.ts';
import { Site, type Fault, type Truth } from './fault.ts';
import * as admission from './faults/admission.ts';
import * as calls from './faults/calls.ts';
import * as images from './faults/images.ts';
import * as masking from './faults/masking.ts';
import * as nodes from './faults/nodes.ts';
import * as noise from './faults/noise.ts';
import * as programs from './faults/programs.ts';
import * as scheduling from './faults/scheduling.ts';
import * as services from './faults/services.ts';
import { snapshotOf } from './objects.ts';
import { randomFrom } from '../random.ts';

/** `tuned` scenarios may be looked at while causes are improved; `held-out` ones are only counted. */
export type Split = 'tuned' | 'held-out';

export type Group = 'single' | 'several' | 'masking' | 'control';

/** What is put into a cluster; the cluster itself is made from the seed. */
export interface Composition {
  readonly name: string;
  readonly group: Group;
  readonly faults: readonly Fault[];
}

export interface Scenario {
  readonly name: string;
  readonly group: Group;
  readonly seed: number;
  readonly truths: readonly Truth[];
  readonly snapshot: ClusterSnapshot;
}

/** Faults that may stand beside any others in one cluster. */
const FREE = {
  'wrong-tag': images.wrongTag,
  'pull-forbidden': images.pullForbidden,
  'pull-secret-missing': images.pullSecretMissing,
  'registry-rate-limited': images.rateLimited,
  'program-fails': programs.programFails,
  segfault: programs.segfault,
  'out-of-memory': programs.outOfMemory,
  'liveness-kills': programs.livenessKills,
  'readiness-wrong': programs.readinessWrong,
  'executable-missing': programs.executableMissing,
  'permission-denied': programs.permissionDenied,
  'config-map-missing': programs.configMapMissing,
  'shared-secret-missing': programs.sharedSecretMissing,
  'secret-key-missing': programs.secretKeyMissing,
  'runs-as-root': programs.runsAsRoot,
  'volume-source-missing': programs.volumeSourceMissing,
  'init-fails': programs.initFails,
  'database-down': programs.databaseDown,
  'node-selector-unmatched': scheduling.nodeSelectorUnmatched,
  'pod-too-large': scheduling.podTooLarge,
  'gpu-not-offered': scheduling.gpuNotOffered,
  'storage-class-missing': scheduling.storageClassMissing,
  'provisioner-fails': scheduling.provisionerFails,
  'volume-zone': scheduling.volumeZone,
  'volume-held': scheduling.volumeHeld,
  'quota-exhausted': admission.quotaExhausted,
  'limit-range': admission.limitRange,
  'pod-security': admission.podSecurity,
  'service-account-missing': admission.serviceAccountMissing,
  'priority-class-missing': admission.priorityClassMissing,
  'addresses-exhausted': nodes.addressesExhausted,
  'selector-mismatch': services.selectorMismatch,
  'ingress-backend-missing': services.ingressBackendMissing,
  'ingress-cascade': services.ingressCascade,
  'job-fails': services.jobFails,
  'certificate-not-issued': services.certificateNotIssued,
  'load-balancer-refused': services.loadBalancerRefused,
} satisfies Record<string, Fault>;

/** Faults of the whole cluster: one of each suffices. */
const WIDE = {
  'registry-down': images.registryDown,
  'dns-down': programs.dnsDown,
  'metrics-server-down': services.metricsServerDown,
  'webhook-down': admission.webhookDown,
  'webhook-left-over': admission.webhookLeftOver,
  'webhook-certificate-expired': admission.webhookCertificateExpired,
  'webhook-denies': admission.webhookDenies,
  'node-lost': nodes.nodeLost,
  'disk-pressure': nodes.diskPressure,
  'runtime-down': nodes.runtimeDown,
  'network-plugin-down': nodes.networkPluginDown,
  'anti-affinity': scheduling.antiAffinity,
  'taint-untolerated': scheduling.taintUntolerated,
  'capacity-exhausted': scheduling.capacityExhausted,
  'nodes-cordoned': scheduling.nodesCordoned,
  'shared-storage-class-missing': scheduling.sharedStorageClassMissing,
} satisfies Record<string, Fault>;

/** Faults of held-out scenarios only. */
const UNSEEN = {
  'outside-host-down': calls.outsideHostDown,
  'service-name-wrong': calls.serviceNameWrong,
  'resolver-kept-away': calls.resolverKeptAway,
  'database-gone-silently': calls.databaseGoneSilently,
  'two-hops': calls.twoHops,
  'registry-refuses-nodes': calls.registryRefusesNodes,
  'cordon-among-rivals': calls.cordonAmongRivals,
} satisfies Record<string, Fault>;

const MASKING = {
  'image-hides-config-map': masking.imageHidesConfigMap,
  'crash-hides-probe': masking.crashHidesProbe,
  'memory-and-image': masking.memoryAndImage,
  'two-references-missing': masking.twoReferencesMissing,
  'quota-hides-placement': admission.quotaHidesPlacement,
} satisfies Record<string, Fault>;

const NOISE = {
  'rollout-under-way': noise.rolloutUnderWay,
  'past-incident': noise.pastIncident,
  'at-rest': noise.atRest,
  'waited-once': noise.waitedOnce,
  hiccups: noise.hiccups,
} satisfies Record<string, Fault>;

const ALL: Readonly<Record<string, Fault>> = { ...FREE, ...WIDE, ...UNSEEN, ...MASKING, ...NOISE };

/** Faults that meet in one cluster; those of nodes come last, since they strike what runs by then. */
const SEVERAL: readonly (readonly string[])[] = [
  ['wrong-tag', 'quota-exhausted'],
  ['program-fails', 'node-lost'],
  ['database-down', 'config-map-missing'],
  ['registry-down', 'out-of-memory'],
  ['dns-down', 'wrong-tag'],
  ['webhook-down', 'liveness-kills'],
  ['webhook-left-over', 'secret-key-missing'],
  ['metrics-server-down', 'ingress-cascade'],
  ['storage-class-missing', 'selector-mismatch'],
  ['volume-zone', 'executable-missing'],
  ['wrong-tag', 'program-fails', 'config-map-missing'],
  ['node-selector-unmatched', 'quota-exhausted', 'disk-pressure'],
  ['job-fails', 'readiness-wrong', 'pod-too-large'],
  ['database-down', 'pull-secret-missing', 'limit-range', 'node-lost'],
  ['certificate-not-issued', 'out-of-memory', 'service-account-missing', 'wrong-tag'],
];

const CONTROLS: readonly (readonly string[])[] = [
  [],
  ['rollout-under-way'],
  ['past-incident'],
  ['at-rest'],
  ['waited-once'],
  ['hiccups'],
  ['rollout-under-way', 'past-incident', 'hiccups'],
  ['at-rest', 'waited-once', 'past-incident', 'hiccups'],
];

function composed(group: Group, names: readonly string[]): Composition {
  const faults = names.map((name) => ALL[name]).filter((fault) => fault !== undefined);
  return { name: names.length === 0 ? 'healthy' : names.join(' + '), group, faults };
}

const TUNED: readonly Composition[] = [
  ...Object.keys({ ...FREE, ...WIDE }).map((name) => composed('single', [name])),
  ...SEVERAL.map((names) => composed('several', names)),
  ...Object.keys(MASKING).map((name) => composed('masking', [name])),
  ...CONTROLS.map((names) => composed('control', names)),
];

const UNSEEN_ALONE: readonly Composition[] = [
  ...Object.keys(UNSEEN).map((name) => composed('single', [name])),
  composed('several', ['outside-host-down', 'two-hops']),
  composed('several', ['service-name-wrong', 'registry-refuses-nodes', 'quota-exhausted']),
];

/** Two to four faults drawn at random, at most one of them of the whole cluster. */
function drawn(seed: number): Composition {
  const random = randomFrom(seed);
  const shuffled = (names: readonly string[]) =>
    names
      .map((name) => ({ name, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ name }) => name);
  const free = shuffled([...Object.keys(FREE), ...Object.keys(MASKING)]).slice(0, 2 + Math.floor(random() * 3));
  const wide = random() < 0.4 ? shuffled(Object.keys(WIDE).filter((name) => !CROWDED.has(name))).slice(0, 1) : [];
  return composed('several', [...free.slice(0, 4 - wide.length), ...wide]);
}

/** They leave no node on which further faults could show. */
const CROWDED: ReadonlySet<string> = new Set(['capacity-exhausted', 'nodes-cordoned']);

/** Compositions and seeds of a split. Held-out clusters differ in their seeds, and their combinations are drawn. */
export function compositions(split: Split, rounds: number): readonly { composition: Composition; seed: number }[] {
  const first = split === 'tuned' ? 1 : 50_001;
  return Array.from({ length: rounds }, (_, round) => round).flatMap((round) => {
    const seed = first + round * 1000;
    const further =
      split === 'tuned' ? [] : [...Array.from({ length: 20 }, (_, i) => drawn(seed + 500 + i)), ...UNSEEN_ALONE];
    return [...TUNED, ...further].map((composition, i) => ({ composition, seed: seed + i }));
  });
}

/** Builds one: a healthy cluster with its noise, then the faults in order. */
export function build({ name, group, faults }: Composition, seed: number): Scenario {
  const world = healthyWorld(seed);
  const site = new Site(world);
  const truths = faults.flatMap((fault) => fault(site));
  return { name, group, seed, truths, snapshot: snapshotOf(world) };
}
