/** Security settings that a program does not bear. Source: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ */
import type { FaultKind } from './fault.ts';
import { flawedRollout, rowFor } from './flawed-rollout.ts';
import { misspelt } from './image-names.ts';

const SOURCE = 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/';

const readOnlyRoot = flawedRollout({
  name: 'root-filesystem-read-only',
  family: 'configuration',
  summary: 'A rollout makes the root file system read-only, and the program writes to it.',
  source: SOURCE,
  classes: ['program-fails'],
  mistake: (rollout) => {
    const { container } = rollout;
    const directory = `/var/cache/${container.name}`;
    const lastWords = [`open ${directory}/index.lock: read-only file system`];
    const row = rowFor(rollout, container.name, ({ spec: { securityContext, volumeMounts = [] } }) =>
      securityContext?.readOnlyRootFilesystem === true &&
      !volumeMounts.some(({ mountPath }) => `${directory}/`.startsWith(`${mountPath.replace(/\/$/, '')}/`))
        ? { exitsAfterMs: 400, exitCode: 1, startMs: 5000, lastWords }
        : undefined,
    );
    return {
      first: { securityContext: { ...container.securityContext, readOnlyRootFilesystem: true } },
      row,
      remedy: `Mount an emptyDir at ${directory}, or let the root file system be writable again.`,
    };
  },
});

const runsAsRoot = flawedRollout({
  name: 'run-as-root-refused',
  family: 'configuration',
  summary: 'A rollout forbids to run as root, and the image runs as root.',
  source: SOURCE,
  classes: ['container-cannot-be-configured'],
  suits: ({ site, container }) =>
    /^(0|root)?(:|$)/.test(site.cluster.behaviours.image(container.image ?? '').user ?? ''),
  mistake: ({ pod, container }) => {
    return {
      pod: { securityContext: withoutUser(pod.securityContext) },
      first: { securityContext: { ...withoutUser(container.securityContext), runAsNonRoot: true } },
      remedy: 'Name a user (runAsUser) that the program may run as, or build the image with one.',
    };
  },
});

function withoutUser(context: object = {}): object {
  return Object.fromEntries(Object.entries(context).filter(([field]) => field !== 'runAsUser'));
}

const noServiceAccount = flawedRollout({
  name: 'service-account-missing',
  family: 'configuration',
  summary: 'A rollout names a ServiceAccount that is not there, so that no pod is created.',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  classes: ['service-account-missing', 'workload-service-account-missing'],
  mistake: ({ site, namespace, name, pod }) => {
    const { serviceAccountName: before = 'default' } = pod;
    const wrong = before === 'default' ? `${name}-sa` : misspelt(before, site.random);
    return {
      pod: { serviceAccountName: wrong, ...('serviceAccount' in pod ? { serviceAccount: wrong } : {}) },
      entities: [`ServiceAccount ${namespace}/${wrong}`],
      remedy: `Name the ServiceAccount ${before} again, or make ${wrong} with the rights that it needs.`,
    };
  },
});

/** Kinds of the family `configuration` that lie in who a program runs as, and what it may. */
export const SECURITY_FAULTS: readonly FaultKind[] = [readOnlyRoot, runsAsRoot, noServiceAccount];
