/** Faults of programs, their memory, their probes and their configuration. */
import { backOffEvents, entity, restartsIn, strike, type Fault, type Site } from '../fault.ts';
import { MINUTE, SECOND, type App, type Json, type Run, type State, type Template, type World } from '../world.ts';

/** A container of each pod that ends at once, since a rollout or since something happened. */
export function crash(
  site: Site,
  app: App,
  end: { exitCode: number; reason?: string; livedMs?: number; message?: string },
  change?: (template: Template) => void,
): readonly Run[] {
  const { world } = site;
  const sinceMs = site.onset();
  const state = (): State => ({
    is: 'crashing',
    end: { reason: 'Error', livedMs: 3 * SECOND, ...end },
    restarts: restartsIn(sinceMs),
  });
  const runs = change === undefined ? (strike(app, state), app.runs) : world.rollOut(app, change, sinceMs, state);
  for (const run of runs) backOffEvents(world, app, run, sinceMs);
  return runs;
}

/** A change of a template that sets one variable. */
export const withEnv = (name: string, value: string) => (template: Template) => {
  template.container['env'] = [...((template.container['env'] as Json[] | undefined) ?? []), { name, value }];
};

/** A program that ends by itself since the rollout of a wrong setting. */
export const programFails: Fault = (site) => {
  const app = site.app();
  const runs = crash(site, app, { exitCode: site.world.pick([1, 2, 78]) }, withEnv('FEATURE_FLAGS', 'all'));
  const lines = ['starting', 'loading configuration', 'fatal: unknown feature flag "all"'];
  if (site.world.chance(0.5)) for (const run of runs) site.world.logs.push({ run, app, lines });
  return [{ entities: [entity(app)], classes: ['program-fails'] }];
};

/** A segmentation fault in a new version. */
export const segfault: Fault = (site) => {
  const app = site.app();
  crash(site, app, { exitCode: 139 }, ({ container }) => (container.image = `${container.image}-hotfix`));
  return [{ entities: [entity(app)], classes: ['program-fails'] }];
};

/** A memory limit below what the program needs. */
export const outOfMemory: Fault = (site) => {
  const app = site.app();
  crash(site, app, { exitCode: 137, reason: 'OOMKilled', livedMs: 25 * SECOND }, ({ container }) => {
    container['resources'] = { requests: { cpu: '100m', memory: '48Mi' }, limits: { memory: '48Mi' } };
  });
  return [{ entities: [entity(app)], classes: ['memory-limit-too-low', 'memory-grows'] }];
};

/** A liveness probe on a path that the new version does not serve. */
export const livenessKills: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const runs = crash(site, app, { exitCode: world.pick([137, 143]), livedMs: 30 * SECOND }, ({ container }) => {
    container['livenessProbe'] = {
      httpGet: { path: '/live', port: 8080, scheme: 'HTTP' },
      periodSeconds: 10,
      failureThreshold: 3,
    };
  });
  for (const run of runs) {
    const about = world.podRef(app, run);
    const fieldPath = `spec.containers{${app.template.container.name}}`;
    const times = { firstMs: 13 * MINUTE, lastMs: 2 * MINUTE, fieldPath };
    world.event(about, {
      ...times,
      reason: 'Unhealthy',
      message: 'Liveness probe failed: HTTP probe failed with statuscode: 404',
      count: 21,
    });
    world.event(about, {
      ...times,
      type: 'Normal',
      reason: 'Killing',
      message: `Container ${app.template.container.name} failed liveness probe, will be restarted`,
      count: 7,
    });
  }
  return [{ entities: [entity(app)], classes: ['liveness-probe-kills'] }];
};

/** Running pods that fail their readiness probe. */
function notReady(site: Site, app: App, runs: readonly Run[], sinceMs: number, why: string): void {
  for (const run of runs) {
    run.state = { is: 'unready', sinceMs: sinceMs - 20 * SECOND };
    site.world.event(site.world.podRef(app, run), {
      reason: 'Unhealthy',
      message: `Readiness probe failed: ${why}`,
      count: Math.round(sinceMs / 10_000),
      firstMs: sinceMs - 20 * SECOND,
      lastMs: 6 * SECOND,
      fieldPath: `spec.containers{${app.template.container.name}}`,
    });
  }
}

/** A readiness probe on a port where nothing listens. */
export const readinessWrong: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const change = ({ container }: Template) => {
    container['readinessProbe'] = {
      httpGet: { path: '/ready', port: 9090, scheme: 'HTTP' },
      periodSeconds: 10,
      failureThreshold: 3,
    };
  };
  const runs = world.rollOut(app, change, sinceMs, () => ({ is: 'unready', sinceMs }));
  notReady(
    site,
    app,
    runs,
    sinceMs,
    'Get "http://10.8.1.17:9090/ready": dial tcp 10.8.1.17:9090: connect: connection refused',
  );
  return [{ entities: [entity(app)], classes: ['program-not-ready'] }];
};

/** Containers that the runtime cannot start. */
function cannotStart(site: Site, why: string, change: (template: Template) => void): App {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const { name } = app.template.container;
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${why}: unknown`;
  const isPausing = world.chance(0.6);
  const restarts = restartsIn(sinceMs);
  const runs = world.rollOut(app, change, sinceMs, () =>
    isPausing
      ? { is: 'crashing', end: { exitCode: 128, reason: 'StartError', livedMs: 0, message }, restarts }
      : { is: 'waiting', reason: 'RunContainerError', message, restarts },
  );
  for (const run of runs) {
    world.event(world.podRef(app, run), {
      reason: 'Failed',
      message: `Error: ${message}`,
      count: restarts,
      firstMs: sinceMs - 4 * SECOND,
      lastMs: 2 * MINUTE,
      fieldPath: `spec.containers{${name}}`,
    });
    backOffEvents(world, app, run, sinceMs);
  }
  return app;
}

export const executableMissing: Fault = (site) => {
  const why = site.world.pick([
    'exec: "/app/serverd": stat /app/serverd: no such file or directory',
    'exec: "serverd": executable file not found in $PATH',
  ]);
  const app = cannotStart(site, why, ({ container }) => (container['command'] = [why.split('"')[1] ?? '']));
  return [{ entities: [entity(app)], classes: ['executable-missing'] }];
};

export const permissionDenied: Fault = (site) => {
  const app = cannotStart(
    site,
    'exec: "/app/run.sh": permission denied',
    ({ container }) => (container['command'] = ['/app/run.sh']),
  );
  return [{ entities: [entity(app)], classes: ['container-cannot-start'] }];
};

/** What the kubelet says of a container that it cannot configure. */
function configError(site: Site, apps: readonly App[], message: string, change: (template: Template) => void): void {
  const { world } = site;
  const sinceMs = site.onset();
  for (const app of apps) {
    const runs = world.rollOut(app, change, sinceMs, () => ({
      is: 'waiting',
      reason: 'CreateContainerConfigError',
      message,
    }));
    for (const run of runs)
      world.event(world.podRef(app, run), {
        reason: 'Failed',
        message: `Error: ${message}`,
        count: 60,
        firstMs: sinceMs - 4 * SECOND,
        lastMs: 12 * SECOND,
        fieldPath: `spec.containers{${app.template.container.name}}`,
      });
  }
}

export const configMapMissing: Fault = (site) => {
  const app = site.app();
  configError(
    site,
    [app],
    'configmap "feature-flags" not found',
    ({ container }) => (container['envFrom'] = [{ configMapRef: { name: 'feature-flags' } }]),
  );
  return [{ entities: [`ConfigMap ${app.namespace}/feature-flags`], classes: ['config-map-missing'] }];
};

/** One Secret that several Deployments of a namespace need. */
export const sharedSecretMissing: Fault = (site) => {
  const app = site.app();
  const apps = [app, ...site.neighbours(app, 2)];
  configError(
    site,
    apps,
    'secret "signing-key" not found',
    ({ container }) => (container['envFrom'] = [{ secretRef: { name: 'signing-key' } }]),
  );
  return [{ entities: [`Secret ${app.namespace}/signing-key`], classes: ['secret-missing'] }];
};

export const secretKeyMissing: Fault = (site) => {
  const app = site.app();
  configError(
    site,
    [app],
    `couldn't find key token in Secret ${app.namespace}/credentials`,
    ({ container }) =>
      (container['env'] = [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'credentials', key: 'token' } } }]),
  );
  return [{ entities: [`Secret ${app.namespace}/credentials`], classes: ['secret-key-missing'] }];
};

export const runsAsRoot: Fault = (site) => {
  const app = site.app();
  configError(
    site,
    [app],
    'container has runAsNonRoot and image will run as root (pod: "x", container: app)',
    ({ spec }) => (spec['securityContext'] = { runAsNonRoot: true }),
  );
  return [
    { entities: [entity(app)], classes: ['container-cannot-be-configured', 'container-cannot-start', 'run-as-root'] },
  ];
};

/** A volume from a ConfigMap that is not there: pods that stay in creation. */
export const volumeSourceMissing: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const change = ({ container, spec }: Template) => {
    spec['volumes'] = [{ name: 'rules', configMap: { name: 'routing-rules' } }];
    container['volumeMounts'] = [{ name: 'rules', mountPath: '/etc/rules' }];
  };
  for (const run of world.rollOut(app, change, sinceMs, () => ({ is: 'waiting', reason: 'ContainerCreating' }))) {
    const about = world.podRef(app, run);
    world.event(about, {
      reason: 'FailedMount',
      message: 'MountVolume.SetUp failed for volume "rules" : configmap "routing-rules" not found',
      count: 14,
      firstMs: sinceMs - 4 * SECOND,
      lastMs: 50 * SECOND,
    });
    if (world.minor < 30)
      world.event(about, {
        reason: 'FailedMount',
        message:
          'Unable to attach or mount volumes: unmounted volumes=[rules], unattached volumes=[rules kube-api-access-x2k4p]: timed out waiting for the condition',
        count: 4,
        firstMs: sinceMs - 124 * SECOND,
        lastMs: 70 * SECOND,
      });
  }
  return [{ entities: [`ConfigMap ${app.namespace}/routing-rules`], classes: ['config-map-missing'] }];
};

/** An init container that fails. */
export const initFails: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const change = ({ spec }: Template) => {
    spec['initContainers'] = [
      { name: 'schema', image: 'registry.acme.example/tools/schema:2.0.0', command: ['schema', 'upgrade'] },
    ];
  };
  const state: State = {
    is: 'crashing',
    init: 'schema',
    end: { exitCode: 3, reason: 'Error', livedMs: 1000 },
    restarts: restartsIn(sinceMs),
  };
  for (const run of world.rollOut(app, change, sinceMs, () => state))
    world.event(world.podRef(app, run), {
      reason: 'BackOff',
      message: `Back-off restarting failed container schema in pod ${run.name}_${app.namespace}(${run.uid})`,
      count: 55,
      firstMs: sinceMs - 30 * SECOND,
      lastMs: 9 * SECOND,
      fieldPath: 'spec.initContainers{schema}',
    });
  return [{ entities: [entity(app)], classes: ['program-fails'] }];
};

/** Callers say in their logs, or in the message they end with, that nobody answers. */
export function callersFail(world: World, apps: readonly App[], sinceMs: number, words: (app: App) => string): void {
  for (const app of apps) {
    const isLogged = world.chance(0.6);
    strike(app, () => ({
      is: 'crashing',
      end: { exitCode: 1, reason: 'Error', livedMs: 8 * SECOND, ...(!isLogged && { message: words(app) }) },
      restarts: restartsIn(sinceMs),
    }));
    for (const run of app.runs) {
      backOffEvents(world, app, run, sinceMs);
      if (isLogged) world.logs.push({ run, app, lines: ['starting', words(app), 'exit 1'] });
    }
  }
}

/** A database that crashes, and the programs that cannot do without it. */
export const databaseDown: Fault = (site) => {
  const { world } = site;
  const database = site.database();
  const runs = crash(site, database, { exitCode: 1 });
  for (const run of runs)
    world.logs.push({
      run,
      app: database,
      lines: ['LOG:  database system was interrupted', 'PANIC:  could not locate a valid checkpoint record'],
    });
  const callers = site.neighbours(database, 2);
  const sinceMs = 12 * MINUTE;
  callersFail(world, callers, sinceMs, ({ namespace }) =>
    world.pick([
      `connect: dial tcp db.${namespace}.svc.cluster.local:5432: connect: connection refused`,
      'could not connect to server: Connection refused. Is the server running on host "db" (172.20.3.4) and accepting TCP/IP connections on port 5432?',
    ]),
  );
  return [{ entities: [entity(database)], classes: ['program-fails'] }];
};

/** Name resolution that ends with CoreDNS, over all namespaces. */
export const dnsDown: Fault = (site) => {
  const { world } = site;
  const dns = site.system('coredns');
  const runs = crash(site, dns, { exitCode: 1 });
  for (const run of runs)
    world.logs.push({
      run,
      app: dns,
      lines: ["/etc/coredns/Corefile:7 - Error during parsing: Unknown directive 'forwrd'"],
    });
  const callers = [site.app(), site.app(), site.app()];
  callersFail(world, callers, 12 * MINUTE, ({ namespace }) =>
    world.pick([
      `dial tcp: lookup queue.${namespace}.svc.cluster.local on 172.20.0.10:53: read udp 10.8.1.17:40210->172.20.0.10:53: i/o timeout`,
      `getaddrinfo EAI_AGAIN queue.${namespace}.svc.cluster.local`,
      'dial tcp: lookup api.partner.example on 172.20.0.10:53: read udp 10.8.1.17:41112->172.20.0.10:53: read: connection refused',
    ]),
  );
  return [
    {
      entities: [entity(dns), 'ConfigMap kube-system/coredns', 'Service kube-system/kube-dns'],
      classes: ['program-fails', 'cluster-dns-unavailable', 'dns-unavailable'],
    },
  ];
};
