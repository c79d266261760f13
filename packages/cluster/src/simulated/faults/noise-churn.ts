/** What people and machines do all day: releases that go well, pods made anew, tasks that are done. */
import type { Deployment } from '../../model/kinds.ts';
import { PODS } from '../api/built-in-types.ts';
import { drawInteger, drawName } from '../clock/random.ts';
import type { FaultSite } from './fault-site.ts';
import { serving } from './noise-programs.ts';
import type { NoiseKind } from './noise-kind.ts';

const release: NoiseKind = {
  name: 'good-rollout',
  summary: 'A release of another version goes well, with an image that takes its time.',
  make: (site) => {
    const target = site.pick('Deployment', deployments(site));
    const image = nextImage(target.spec?.template.spec?.containers[0]?.image ?? '', site);
    const pullMs = 1000 * drawInteger(site.random, 2, 40);
    // No pod that runs has it yet.
    site.cluster.behaviours.add({ image: (asked) => (asked === image ? { pullMs } : undefined) });
    site.roll(target, {}, { image });
  },
};

const renewal: NoiseKind = {
  name: 'pod-churn',
  summary: 'Somebody deletes a pod, and another takes its place.',
  make: (site) => {
    const [pod] = site.pick('pod of several', serving(site, 2));
    site.remove(PODS, pod);
  },
};

const restart: NoiseKind = {
  name: 'rollout-restart',
  summary: 'Somebody restarts a Deployment, which goes well.',
  make: (site) => site.restart(site.pick('Deployment', deployments(site))),
};

const task: NoiseKind = {
  name: 'completed-job',
  summary: 'A one-off Job runs and is done.',
  make: (site) => void site.create(jobOf(site, 'report', {})),
};

export const CHURN_NOISE: readonly NoiseKind[] = [release, renewal, restart, task];

/** Sound, not befallen, and of a size that autoscalers do not change meanwhile; few pods, so that it is soon done. */
export function deployments(site: FaultSite): readonly Deployment[] {
  return site
    .workloads()
    .filter((one): one is Deployment => one.kind === 'Deployment' && ((one as Deployment).spec?.replicas ?? 1) <= 6);
}

/** A Job in the namespace of some workload, done by the image of that workload. */
export function jobOf(
  site: FaultSite,
  name: string,
  pod: Readonly<Record<string, unknown>>,
  first: Readonly<Record<string, unknown>> = {},
) {
  const { metadata, spec: own } = site.pick('Deployment', deployments(site));
  const image = own?.template.spec?.containers[0]?.image ?? 'busybox:1.36';
  const container = {
    name: 'task',
    image,
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${name}-${drawName(site.random)}`, namespace: metadata.namespace ?? '' },
    spec: {
      backoffLimit: 4,
      template: { spec: { restartPolicy: 'Never', containers: [{ ...container, ...first }], ...pod } },
    },
  };
}

/** Another tag of the same repository. */
function nextImage(image: string, site: FaultSite): string {
  const at = image.lastIndexOf(':');
  const repository = at > image.lastIndexOf('/') ? image.slice(0, at) : image;
  return `${repository}:${drawInteger(site.random, 8, 19)}.${drawInteger(site.random, 0, 9)}.${drawInteger(site.random, 0, 9)}`;
}
