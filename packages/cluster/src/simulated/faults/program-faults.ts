/** Programs that do not start, end by themselves or hang. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
import { drawInteger } from '../clock/random.ts';
import { COMPANION_FAULTS } from './companion-faults.ts';
import { DEPENDENCY_FAULTS } from './dependency-faults.ts';
import type { FaultKind } from './fault.ts';
import { flawedRollout, MINUTE, newVersion, rowFor, SECOND, type Rollout } from './flawed-rollout.ts';
import { PROBE_FAULTS } from './probe-faults.ts';
import { misspelt } from './image-names.ts';

const LIFECYCLE = 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/';
const DEBUGGING = 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/';
/** As runc begins what it says of a container that it could not start. */
const OCI =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
  'unable to start container process: error during container init: ';

/** What programs of several languages say last. */
const LAST_WORDS: readonly (readonly string[])[] = [
  ["Error: Cannot find module './routes/v2'", 'Require stack:', '- /app/dist/server.js', 'Node.js v22.12.0'],
  [
    'Traceback (most recent call last):',
    '  File "/app/main.py", line 14, in <module>',
    '    from app.settings import FEATURES',
    "ImportError: cannot import name 'FEATURES' from 'app.settings' (/app/app/settings.py)",
  ],
  ['panic: runtime error: invalid memory address or nil pointer dereference', '', 'goroutine 1 [running]:'],
  [
    'Exception in thread "main" java.lang.NoSuchMethodError: \'void Router.mount(String)\'',
    '\tat app.Main.main(Main.java:31)',
  ],
];

function lastWordsOf({ site }: Rollout): readonly string[] {
  return LAST_WORDS[drawInteger(site.random, 0, LAST_WORDS.length - 1)] ?? [];
}

function remedyOf({ container }: Rollout): string {
  return `Roll back to ${container.image ?? 'the previous version'}.`;
}

const crash = flawedRollout({
  name: 'crash-on-start',
  family: 'program',
  summary: 'A new version ends with an error as soon as it is started.',
  source: `${LIFECYCLE}#restart-policy`,
  parameters: {
    exitCode: { type: 'number', summary: 'with which it ends', ...{ min: 1, max: 120, default: 1 } },
    afterMs: {
      type: 'number',
      summary: 'after which it ends',
      ...{ min: 100, max: 20_000, default: 1500, unit: 'ms' },
    },
  },
  classes: ['program-fails'],
  mistake: (rollout, { exitCode, afterMs }) => {
    const lastWords = lastWordsOf(rollout);
    const ends = { exitsAfterMs: Number(afterMs), exitCode: Number(exitCode), startMs: 30 * SECOND, lastWords };
    const { image, row } = newVersion(rollout, ends);
    return { first: { image }, row, remedy: remedyOf(rollout) };
  },
});

const crashLater = flawedRollout({
  name: 'crash-after-a-while',
  family: 'program',
  summary: 'A new version serves, and ends with an error after some minutes, over and over.',
  source: `${LIFECYCLE}#restart-policy`,
  parameters: {
    minutes: { type: 'number', summary: 'from its start to its end', ...{ min: 1, max: 20, default: 4, unit: 'min' } },
    exitCode: { type: 'number', summary: 'with which it ends', ...{ min: 1, max: 120, default: 1 } },
  },
  classes: ['program-fails'],
  mistake: (rollout, { minutes, exitCode }) => {
    const exitsAfterMs = Number(minutes) * MINUTE;
    const lastWords = lastWordsOf(rollout);
    const { image, row } = newVersion(rollout, { exitsAfterMs, exitCode: Number(exitCode), lastWords });
    return {
      ...{ first: { image }, row, remedy: remedyOf(rollout) },
      settlesMs: 3 * exitsAfterMs + 10 * MINUTE,
      isGone: (container) => container.image !== image,
    };
  },
});

const segfault = flawedRollout({
  name: 'segmentation-fault',
  family: 'program',
  summary: 'A new version is killed by the kernel for touching memory that is not its own.',
  source: DEBUGGING,
  parameters: {
    afterSeconds: { type: 'number', summary: 'after its start', ...{ min: 0, max: 20, default: 2, unit: 's' } },
  },
  classes: ['program-fails'],
  mistake: (rollout, { afterSeconds }) => {
    const exitsAfterMs = Math.max(100, Number(afterSeconds) * SECOND);
    const { image, row } = newVersion(rollout, { exitsAfterMs, exitCode: 139, startMs: 30 * SECOND });
    return { first: { image }, row, remedy: remedyOf(rollout) };
  },
});

const noEntrypoint = flawedRollout({
  name: 'entrypoint-wrong',
  family: 'program',
  summary: 'A rollout names a command that the image does not have.',
  source: 'https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/',
  parameters: {
    form: {
      type: 'choice',
      summary: 'whether the command is looked up in the path, or named with its own',
      choices: ['name', 'path'],
      default: 'name',
    },
  },
  classes: ['executable-missing'],
  mistake: (rollout, { form }) => {
    const { container, site } = rollout;
    const [own = container.name] = container.command ?? [];
    const wrong = misspelt(own.slice(own.lastIndexOf('/') + 1), site.random);
    const asked = form === 'path' ? `/usr/local/bin/${wrong}` : wrong;
    const why = form === 'path' ? `stat ${asked}: no such file or directory` : 'executable file not found in $PATH';
    const startError = `${OCI}exec: "${asked}": ${why}: unknown`;
    return {
      first: { command: [asked, ...(container.command ?? []).slice(1)] },
      row: rowFor(rollout, container.name, ({ spec }) => (spec.command?.[0] === asked ? { startError } : undefined)),
      remedy: 'Take the command back to what it was.',
    };
  },
});

const notExecutable = flawedRollout({
  name: 'entrypoint-not-executable',
  family: 'program',
  summary: 'A new version was built without the right to execute its entrypoint.',
  source: DEBUGGING,
  classes: ['container-cannot-start'],
  mistake: (rollout) => {
    const startError = `${OCI}exec: "/app/docker-entrypoint.sh": permission denied: unknown`;
    const { image, row } = newVersion(rollout, { startError });
    return {
      first: { image },
      row,
      remedy: `Set the mode of its entrypoint (chmod +x) and build it anew. ${remedyOf(rollout)}`,
    };
  },
});

const hang = flawedRollout({
  name: 'program-hangs',
  family: 'program',
  summary: 'A new version stops answering some time after each start, and its liveness probe has it killed.',
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  parameters: {
    afterSeconds: { type: 'number', summary: 'after its start', ...{ min: 20, max: 600, default: 90, unit: 's' } },
  },
  classes: ['liveness-probe-kills'],
  suits: ({ container }) => container.livenessProbe !== undefined,
  mistake: (rollout, { afterSeconds }) => {
    const hangsAfterMs = Number(afterSeconds) * SECOND;
    const { image, row } = newVersion(rollout, { hangsAfterMs });
    return {
      ...{ first: { image }, row, remedy: remedyOf(rollout) },
      settlesMs: 4 * hangsAfterMs + 10 * MINUTE,
      isGone: (container) => container.image !== image,
    };
  },
});

export const PROGRAM_FAULTS: readonly FaultKind[] = [
  crash,
  crashLater,
  segfault,
  noEntrypoint,
  notExecutable,
  hang,
  ...PROBE_FAULTS,
  ...DEPENDENCY_FAULTS,
  ...COMPANION_FAULTS,
];
