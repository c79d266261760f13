/** Init containers and sidecars that keep a pod's own program from running. */
import type { Container } from '../../model/kinds.ts';
import type { FaultKind } from './fault.ts';
import { flawedRollout, rowFor, type Rollout } from './flawed-rollout.ts';
import { misspelt, nextImage } from './image-names.ts';

const INIT = 'https://kubernetes.io/docs/concepts/workloads/pods/init-containers/';
const SIDECARS = 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/';

/** An init container that ends, of the pod as it was. */
function initOf({ pod }: Rollout): Container | undefined {
  return pod.initContainers?.find(({ restartPolicy }) => restartPolicy !== 'Always');
}

function withInit({ pod }: Rollout, one: Container): readonly Container[] {
  const before = pod.initContainers ?? [];
  return before.some(({ name }) => name === one.name)
    ? before.map((other) => (other.name === one.name ? one : other))
    : [...before, one];
}

const initFails = flawedRollout({
  name: 'init-container-fails',
  family: 'program',
  summary: 'A new version of an init container ends with an error, so that nothing after it is started.',
  source: `${INIT}#detailed-behavior`,
  parameters: { exitCode: { type: 'number', summary: 'with which it ends', ...{ min: 1, max: 120, default: 1 } } },
  classes: ['program-fails', 'container-init-blocked'],
  mistake: (rollout, { exitCode }) => {
    const { container } = rollout;
    const before = initOf(rollout) ?? { name: 'migrate', image: container.image ?? '', args: ['migrate', 'up'] };
    const image = nextImage(before.image ?? '');
    const lastWords = [
      'applying 0042_add_settlement_currency.sql',
      'error: column "currency" of relation "settlements" already exists',
    ];
    return {
      pod: { initContainers: withInit(rollout, { ...before, image }) },
      row: rowFor(rollout, before.name, (place) =>
        place.image === image ? { exitsAfterMs: 2500, exitCode: Number(exitCode), lastWords } : undefined,
      ),
      remedy: `Take the init container ${before.name} back to what it was.`,
    };
  },
});

const initWaits = flawedRollout({
  name: 'init-container-waits',
  family: 'program',
  summary: 'An init container waits for a Service whose name is misspelt.',
  source: `${INIT}#init-containers-in-use`,
  classes: ['container-init-blocked', 'service-name-unknown'],
  mistake: (rollout) => {
    const { site, name, namespace } = rollout;
    const wrong = misspelt(`${name}-db`, site.random);
    const init: Container = {
      name: 'wait-for-db',
      image: 'docker.io/library/busybox:1.37',
      command: ['sh', '-c', `until nc -z ${wrong} 5432; do echo waiting for ${wrong}; sleep 2; done`],
    };
    const isWaiting = ({ command = [] }: Container) => command.join(' ').includes(` ${wrong} `);
    const log = [`nc: bad address '${wrong}'`, `waiting for ${wrong}`];
    return {
      pod: { initContainers: withInit(rollout, init) },
      row: rowFor(rollout, init.name, ({ spec }) => (isWaiting(spec) ? { exitsAfterMs: Infinity, log } : undefined)),
      entities: [`Service ${namespace}/${wrong}`, `Pod ${namespace}/${name}-*`],
      remedy: 'Let the init container wait for a Service that exists, or take it out.',
    };
  },
});

const sidecarFails = flawedRollout({
  name: 'sidecar-fails',
  family: 'program',
  summary: 'A new version of a container beside the program ends with an error, so that the pod is not ready.',
  source: SIDECARS,
  parameters: { exitCode: { type: 'number', summary: 'with which it ends', ...{ min: 1, max: 120, default: 1 } } },
  classes: ['program-fails'],
  mistake: (rollout, { exitCode }) => {
    const { pod } = rollout;
    const before = pod.containers[1] ?? { name: 'log-shipper', image: 'docker.io/fluent/fluent-bit:3.2.4' };
    const image = nextImage(before.image ?? '');
    const lastWords = [
      "[error] [config] section 'output' tried to instance a plugin name that does not exist",
      '[error] configuration file contains errors, aborting.',
    ];
    return {
      pod: { containers: [pod.containers[0], { ...before, image }, ...pod.containers.slice(2)] },
      row: rowFor(rollout, before.name, (place) =>
        place.image === image ? { exitsAfterMs: 800, exitCode: Number(exitCode), startMs: 5000, lastWords } : undefined,
      ),
      remedy: `Take the container ${before.name} back to what it was.`,
    };
  },
});

/** Kinds of the family `program` that lie in containers beside the program. */
export const COMPANION_FAULTS: readonly FaultKind[] = [initFails, initWaits, sidecarFails];
