/** Warnings that pass by themselves, and settings that are out of date without harm. */
import type { FaultSite } from './fault-site.ts';
import { deployments, jobOf } from './noise-churn.ts';
import type { NoiseKind } from './noise-kind.ts';
import { drawName } from '../clock/random.ts';

const late: NoiseKind = {
  name: 'late-config-map',
  summary: 'A Job mounts a ConfigMap that is made half a minute after it: FailedMount, and then all is well.',
  make: (site) => {
    const name = `input-${drawName(site.random)}`;
    const mount = { volumeMounts: [{ name: 'input', mountPath: '/input' }] };
    const job = jobOf(site, 'import', { volumes: [{ name: 'input', configMap: { name } }] }, mount);
    const { namespace } = site.create(job).metadata;
    site.later(30_000, () => void site.create(configMap(name, namespace ?? '')));
  },
};

const retried: NoiseKind = {
  name: 'retried-job',
  summary: 'A Job fails at its first try and is done at the second.',
  make: (site) => {
    const job = jobOf(site, 'sync', {});
    const { name, namespace } = job.metadata;
    let first: string | undefined;
    site.cluster.behaviours.add({
      container: (place) => {
        if (place.namespace !== namespace || place.workload !== `Job/${name}`) return undefined;
        first ??= place.pod;
        return place.pod === first ? { exitsAfterMs: 3000, exitCode: 1 } : undefined;
      },
    });
    site.create(job);
  },
};

const deprecated: NoiseKind = {
  name: 'deprecated-label',
  summary: 'A release asks for nodes by a label that has another name by now, which nodes still have.',
  make: (site) => {
    const target = site.pick('Deployment', deployments(site));
    const { nodeSelector = {} } = target.spec?.template.spec ?? {};
    site.roll(target, { nodeSelector: { ...nodeSelector, 'beta.kubernetes.io/os': 'linux' } });
  },
};

export const WARNING_NOISE: readonly NoiseKind[] = [late, retried, deprecated];

function configMap(name: string, namespace: string): Parameters<FaultSite['create']>[0] {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { rows: '0' } };
}
