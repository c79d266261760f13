/** Faults that show only in what programs say or are configured to call, and faults that two rules of the cluster share. */
import { backOffEvents, entity, restartsIn, strike, type Fault } from '../fault.ts';
import { MINUTE, SECOND, type App, type Json, type World } from '../world.ts';
import { notPulled } from './images.ts';
import { callersFail, crash, withEnv } from './programs.ts';
import { refusal, scheduled } from './scheduling.ts';

/** A host outside the cluster that programs of several teams cannot do without. */
export const outsideHostDown: Fault = (site) => {
  const { world } = site;
  callersFail(world, [site.app(), site.app(), site.app()], site.onset(), () =>
    world.pick([
      'dial tcp: connect to ledger.partner.example:5432: connect: connection refused',
      'could not connect to server: Connection timed out. Is the server running on host "ledger.partner.example" (192.0.2.7) and accepting TCP/IP connections on port 5432?',
      'Error: connect ETIMEDOUT ledger.partner.example:5432',
    ]),
  );
  return [{ entities: ['Host ledger.partner.example'], classes: ['host-unreachable'] }];
};

/** A misspelt name of a Service, rolled out. */
export const serviceNameWrong: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const host = `databse.${app.namespace}.svc.cluster.local`;
  const message = world.pick([
    `panic: dial tcp: lookup ${host} on 172.20.0.10:53: no such host`,
    `Error: getaddrinfo ENOTFOUND ${host}`,
    `could not translate host name "${host}" to address: Name or service not known`,
  ]);
  crash(site, app, { exitCode: 1, message }, withEnv('DATABASE_HOST', host));
  return [
    { entities: [`Service ${app.namespace}/databse`, entity(app)], classes: ['service-name-unknown', 'program-fails'] },
  ];
};

/** A policy that keeps two teams from the name service, which is well. */
export const resolverKeptAway: Fault = (site) => {
  const { world } = site;
  callersFail(
    world,
    [site.app(), site.app()],
    site.onset(),
    () =>
      'dial tcp: lookup api.partner.example on 172.20.0.10:53: read udp 10.8.1.17:40210->172.20.0.10:53: i/o timeout',
  );
  return [
    {
      entities: ['Service kube-system/kube-dns'],
      classes: ['service-unreachable', 'cluster-dns-unavailable', 'dns-unavailable'],
    },
  ];
};

function unreadyEvents(world: World, app: App, sinceMs: number): void {
  for (const run of app.runs)
    world.event(world.podRef(app, run), {
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
      firstMs: sinceMs,
      lastMs: 20 * SECOND,
      count: 40,
    });
}

/** A database that crashes; programs configured to call it answer their probes with 503 from then on, and say no more. */
export const databaseGoneSilently: Fault = (site) => {
  const { world } = site;
  const database = site.database();
  const sinceMs = site.onset();
  const message = 'FATAL:  could not write lock file "postmaster.pid": No space left on device';
  const end = { exitCode: 1, reason: 'Error', livedMs: 3 * SECOND, message };
  strike(database, () => ({ is: 'crashing', end, restarts: restartsIn(sinceMs) }));
  for (const run of database.runs) backOffEvents(world, database, run, sinceMs);
  for (const app of site.neighbours(database, 2)) {
    withEnv('DATABASE_URL', `postgres://db.${app.namespace}:5432/app`)(app.template);
    const lostMs = sinceMs - world.between(20, 100) * SECOND;
    strike(app, () => ({ is: 'unready', sinceMs: lostMs }));
    unreadyEvents(world, app, lostMs);
  }
  return [{ entities: [entity(database)], classes: ['program-fails'] }];
};

/** A database, what calls it by the name of its pod, and what calls that in turn. */
export const twoHops: Fault = (site) => {
  const { world } = site;
  const database = site.database();
  const sinceMs = site.onset();
  const end = { exitCode: 2, reason: 'Error', livedMs: 3 * SECOND, message: 'PANIC:  could not locate a checkpoint' };
  strike(database, () => ({ is: 'crashing', end, restarts: restartsIn(sinceMs) }));
  for (const run of database.runs) backOffEvents(world, database, run, sinceMs);
  const [near, far] = site.neighbours(database, 2);
  if (near !== undefined)
    callersFail(world, [near], sinceMs - MINUTE, () => 'connect to db-0.db:5432: connect: connection refused');
  if (near !== undefined && far !== undefined)
    callersFail(
      world,
      [far],
      sinceMs - 2 * MINUTE,
      ({ namespace }) => `Error: connect ECONNREFUSED ${near.name}.${namespace}.svc.cluster.local`,
    );
  return [{ entities: [entity(database)], classes: ['program-fails'] }];
};

/** The nodes' own credentials, which a registry does not take any more. */
export const registryRefusesNodes: Fault = (site) => {
  const { world } = site;
  const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
  for (const app of [site.app(), site.app()]) {
    const sinceMs = site.onset();
    const change = ({ container }: App['template']) => (container.image = `${host}/${app.name}:5.0`);
    const runs = world.rollOut(app, change, sinceMs, () => ({ is: 'waiting', reason: 'ImagePullBackOff' }));
    const { image } = app.template.container;
    const why = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": unexpected status from HEAD request to https://${host}/v2/${app.name}/manifests/5.0: 403 Forbidden`;
    notPulled(world, app, runs, sinceMs, why);
  }
  return [{ entities: [`Registry ${host}`], classes: ['registry-access-refused', 'image-unavailable'] }];
};

/** One pod per node, and one of the nodes drained and left cordoned. */
export const cordonAmongRivals: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const term: Json = { labelSelector: { matchLabels: app.labels }, topologyKey: 'kubernetes.io/hostname' };
  app.template.spec['affinity'] = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  app.replicas = world.nodes.length;
  app.runs = [];
  const [drained, ...others] = world.nodes;
  if (drained !== undefined) drained.unschedulable = true;
  for (const { name } of others) world.run(app, { is: 'ready' }, 3000 * MINUTE, name);
  const sinceMs = site.onset();
  const message = refusal(world, () => "node(s) didn't match pod anti-affinity rules");
  scheduled(world, app, world.run(app, { is: 'unschedulable', message }, sinceMs).uid, sinceMs, message);
  return [{ entities: ['Node *', entity(app)], classes: ['nodes-cordoned', 'node-cordoned'] }];
};
