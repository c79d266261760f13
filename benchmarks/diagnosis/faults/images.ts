/** Faults of images and registries. */
import { entity, type Fault } from '../fault.ts';
import { SECOND, type App, type Run, type State, type World } from '../world.ts';

/** Before its events are written. */
const WAITING = (): State => ({ is: 'waiting', reason: 'ImagePullBackOff' });

/** Events and state of an image that is not pulled. */
export function notPulled(world: World, app: App, runs: readonly Run[], sinceMs: number, why: string): void {
  const { image, name } = app.template.container;
  for (const run of runs) {
    const isPulling = world.chance(0.3);
    const backOff = `Back-off pulling image "${image}"${world.minor >= 32 ? `: ErrImagePull: ${why}` : ''}`;
    run.state = isPulling
      ? { is: 'waiting', reason: 'ErrImagePull', message: why }
      : { is: 'waiting', reason: 'ImagePullBackOff', message: backOff };
    const about = world.podRef(app, run);
    const fieldPath = `spec.containers{${name}}`;
    const times = { firstMs: sinceMs - 3 * SECOND, lastMs: world.between(60, 280) * SECOND, count: 5, fieldPath };
    world.event(about, { reason: 'Failed', message: `Failed to pull image "${image}": ${why}`, ...times });
    world.event(about, { reason: 'Failed', message: 'Error: ErrImagePull', ...times });
    world.event(about, {
      ...times,
      reason: 'BackOff',
      type: 'Normal',
      message: `Back-off pulling image "${image}"`,
      count: 40,
    });
  }
}

/** A rollout of an image that the registry does not have. */
export const wrongTag: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const runs = world.rollOut(app, ({ container }) => (container.image = `${container.image}-rc`), sinceMs, WAITING);
  const { image } = app.template.container;
  const why = world.pick([
    `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
    `rpc error: code = Unknown desc = Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`,
    `initializing source docker://${image}: reading manifest in registry.acme.example: manifest unknown`,
  ]);
  notPulled(world, app, runs, sinceMs, why);
  return [{ entities: [entity(app)], classes: ['image-unavailable'] }];
};

/** A registry that refuses the cluster's access to one repository. */
export const pullForbidden: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const runs = world.rollOut(
    app,
    ({ container }) => (container.image = 'ghcr.io/acme-private/agent:3.2.0'),
    sinceMs,
    WAITING,
  );
  const { image } = app.template.container;
  const why = world.pick([
    `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme-private%2Fagent%3Apull&service=ghcr.io: 401 Unauthorized`,
    `rpc error: code = Unknown desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
  ]);
  notPulled(world, app, runs, sinceMs, why);
  return [{ entities: [entity(app)], classes: ['image-unavailable'] }];
};

/** A pull secret that the template names and nobody made. */
export const pullSecretMissing: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const change = ({ container, spec }: App['template']) => {
    container.image = 'quay.io/acme/private:1.4.0';
    spec['imagePullSecrets'] = [{ name: 'quay-pull' }];
  };
  const runs = world.rollOut(app, change, sinceMs, WAITING);
  const { image } = app.template.container;
  notPulled(
    world,
    app,
    runs,
    sinceMs,
    `rpc error: code = Unknown desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": unexpected status from HEAD request to https://quay.io/v2/acme/private/manifests/1.4.0: 401 UNAUTHORIZED`,
  );
  for (const run of runs)
    world.event(world.podRef(app, run), {
      reason: 'FailedToRetrieveImagePullSecret',
      message: 'Unable to retrieve some image pull secrets (quay-pull); attempting to pull the image may not succeed.',
      count: 12,
      firstMs: sinceMs,
      lastMs: 40 * SECOND,
    });
  return [
    {
      entities: [entity(app), `Secret ${app.namespace}/quay-pull`],
      classes: ['workload-pull-secret-missing', 'pull-secret-missing', 'secret-missing', 'image-unavailable'],
    },
  ];
};

/** A registry that no node reaches: new pods of several teams. */
export const registryDown: Fault = (site) => {
  const { world } = site;
  const sinceMs = site.onset();
  for (const app of [site.app(), site.app(), site.app()]) {
    const runs = world.rollOut(
      app,
      ({ container }) => (container.image = container.image.replace(/:[^:]*$/, ':9.0.1')),
      sinceMs - world.between(0, 300) * SECOND,
      WAITING,
    );
    const { image } = app.template.container;
    const head = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://registry.acme.example/v2/x/manifests/9.0.1"`;
    const why = world.pick([
      `rpc error: code = Unknown desc = ${head}: dial tcp 10.20.0.5:443: i/o timeout`,
      `${head}: dial tcp: lookup registry.acme.example on 10.0.0.2:53: no such host`,
      `${head}: dial tcp 10.20.0.5:443: connect: connection refused`,
    ]);
    notPulled(world, app, runs, app.previous?.rolledMs ?? sinceMs, why);
  }
  return [{ entities: ['Registry registry.acme.example'], classes: ['registry-unreachable'] }];
};

/** Docker Hub's limit on anonymous pulls. */
export const rateLimited: Fault = (site) => {
  const { world } = site;
  const sinceMs = site.onset();
  for (const app of [site.app(), site.app()]) {
    const runs = world.rollOut(
      app,
      ({ container }) => (container.image = `docker.io/library/${world.pick(['nginx', 'httpd'])}:1.29`),
      sinceMs,
      WAITING,
    );
    const { image } = app.template.container;
    notPulled(
      world,
      app,
      runs,
      sinceMs,
      `rpc error: code = Unknown desc = failed to pull and unpack image "${image}": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/x/manifests/sha256:ab: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit`,
    );
  }
  return [{ entities: ['Registry docker.io'], classes: ['registry-rate-limited'] }];
};
