/** Faults that hide each other, and two at once in one workload. */
import { entity, restartsIn, backOffEvents, type Fault } from '../fault.ts';
import { MINUTE, SECOND, type Template } from '../world.ts';
import { notPulled } from './images.ts';
import { crash } from './programs.ts';

const missingSettings = ({ container }: Template) => {
  container['envFrom'] = [{ configMapRef: { name: 'feature-flags' } }];
};

/** The image comes first: that the ConfigMap is missing too shows only in the template. */
export const imageHidesConfigMap: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const change = (template: Template) => {
    missingSettings(template);
    template.container.image = `${template.container.image}-rc`;
  };
  const runs = world.rollOut(app, change, sinceMs, () => ({ is: 'waiting', reason: 'ImagePullBackOff' }));
  const { image } = app.template.container;
  notPulled(
    world,
    app,
    runs,
    sinceMs,
    `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
  );
  return [
    { entities: [entity(app)], classes: ['image-unavailable'] },
    { entities: [`ConfigMap ${app.namespace}/feature-flags`], classes: ['config-map-missing'] },
  ];
};

/** A program that ends before its probe, which would fail as well, is ever asked. */
export const crashHidesProbe: Fault = (site) => {
  const app = site.app();
  crash(site, app, { exitCode: 1 }, ({ container }) => {
    container['env'] = [{ name: 'MODE', value: 'strict' }];
    container['readinessProbe'] = { httpGet: { path: '/ready', port: 9999 }, periodSeconds: 10, failureThreshold: 3 };
  });
  return [
    { entities: [entity(app)], classes: ['program-fails'] },
    { entities: [entity(app)], classes: ['program-not-ready'], isHidden: true },
  ];
};

/** Old pods run out of memory, and the revision that should mend it has an image that is not there. */
export const memoryAndImage: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  app.template.container['resources'] = { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '64Mi' } };
  const runs = world.rollOut(
    app,
    ({ container }) => (container.image = `${container.image}-slim`),
    sinceMs - 5 * MINUTE,
    () => ({ is: 'waiting', reason: 'ImagePullBackOff' }),
  );
  const { image } = app.template.container;
  notPulled(
    world,
    app,
    runs,
    sinceMs - 5 * MINUTE,
    `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
  );
  for (const run of app.runs.filter(({ isOld }) => isOld)) {
    run.state = {
      is: 'crashing',
      end: { exitCode: 137, reason: 'OOMKilled', livedMs: 40 * SECOND },
      restarts: restartsIn(sinceMs),
    };
    backOffEvents(world, app, run, sinceMs);
  }
  return [
    { entities: [entity(app)], classes: ['image-unavailable'] },
    { entities: [entity(app)], classes: ['memory-limit-too-low', 'memory-grows'] },
  ];
};

/** A revision that needs both a ConfigMap and a Secret that nobody made; the kubelet names the first. */
export const twoReferencesMissing: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const change = (template: Template) => {
    missingSettings(template);
    template.container['env'] = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'api-key', key: 'key' } } }];
  };
  const message = 'configmap "feature-flags" not found';
  for (const run of world.rollOut(app, change, sinceMs, () => ({
    is: 'waiting',
    reason: 'CreateContainerConfigError',
    message,
  })))
    world.event(world.podRef(app, run), {
      reason: 'Failed',
      message: `Error: ${message}`,
      count: 50,
      firstMs: sinceMs - 4 * SECOND,
      lastMs: 9 * SECOND,
      fieldPath: `spec.containers{${app.template.container.name}}`,
    });
  return [
    { entities: [`ConfigMap ${app.namespace}/feature-flags`], classes: ['config-map-missing'] },
    { entities: [`Secret ${app.namespace}/api-key`], classes: ['secret-missing'] },
  ];
};
