/** Starts of containers: each text with who writes it since when, and what must be read from it. */
import type { StartMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const runc =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process';
const of = (versions: string, cause: StartMessage['cause'], text: string, executable?: string): Row<StartMessage> => [
  versions,
  text,
  { cause, ...(executable === undefined ? {} : { executable }) },
];

export const rows: readonly Row<StartMessage>[] = [
  of(
    'containerd 1.6+',
    'executable-not-found',
    `${runc}: exec: "/app/start.sh": stat /app/start.sh: no such file or directory: unknown`,
    '/app/start.sh',
  ),
  of(
    'containerd 1.6+',
    'executable-not-found',
    `${runc}: error during container init: exec: "serve": executable file not found in $PATH: unknown`,
    'serve',
  ),
  of(
    'Docker',
    'executable-not-found',
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "bash": executable file not found in $PATH: unknown',
    'bash',
  ),
  of(
    'Docker',
    'executable-not-found',
    'failed to start container "abc": Error response from daemon: OCI runtime create failed: exec: "python": executable file not found in $PATH',
    'python',
  ),
  of(
    'CRI-O',
    'executable-not-found',
    'container create failed: time="2024-01-01T00:00:00Z" level=error msg="runc create failed: unable to start container process: exec: \\"foo\\": executable file not found in $PATH"',
    'foo',
  ),
  of(
    'crun',
    'executable-not-found',
    'container create failed: executable file `foo` not found: No such file or directory',
    'foo',
  ),
  of('runc', 'executable-not-found', `${runc}: exec /entrypoint.sh: no such file or directory`, '/entrypoint.sh'),
  of(
    'Failed event',
    'executable-not-found',
    `Error: ${runc}: exec: "npm": executable file not found in $PATH: unknown`,
    'npm',
  ),
  of('runc', 'permission-denied', `${runc}: exec: "/app/run": permission denied: unknown`, '/app/run'),
  of('crun', 'permission-denied', 'container create failed: open executable: Permission denied'),
  of('runc', 'exec-format', `${runc}: exec /app/run: exec format error`, '/app/run'),
  of(
    'runc',
    'not-a-directory',
    `${runc}: error during container init: error mounting "/var/lib/kubelet/pods/1/volumes/kubernetes.io~configmap/c/app.conf" to rootfs at "/etc/app": mount x: not a directory: unknown`,
  ),
  of(
    'Docker',
    'not-a-directory',
    'OCI runtime create failed: x: Are you trying to mount a directory onto a file (or vice-versa)?',
  ),
  of('runc', 'memory-limit-too-low', `${runc}: container init was OOM-killed (memory limit too low?): unknown`),
  of('Docker', 'memory-limit-too-low', 'Error: Error response from daemon: Minimum memory limit allowed is 6MB'),
  of(
    'runc',
    'memory-limit-too-low',
    `${runc}: failed to write "4096": write /sys/fs/cgroup/memory/x/memory.limit_in_bytes: device or resource busy: unknown`,
  ),
  of('CRI-O', 'memory-limit-too-low', 'set memory limit 4194304 too low; should be at least 12582912'),
  of('runc', 'cgroup', `${runc}: unable to apply cgroup configuration: cannot enter cgroupv2: unknown`),
  of(
    'containerd',
    'name-reserved',
    'failed to reserve container name "app_web_prod_1_0": name "app_web_prod_1_0" is reserved for "abc"',
  ),
  of(
    'Docker',
    'name-reserved',
    'Error response from daemon: Conflict. The container name "/k8s_app" is already in use by container "abc"',
  ),
  of('all', 'timeout', 'context deadline exceeded'),
  of(
    'containerd',
    'hook',
    `${runc}: error running prestart hook #0: exit status 1, stdout: , stderr: nvidia-container-cli: initialization error: unknown`,
  ),
  of(
    'all',
    'hook',
    'Exec lifecycle hook ([/bin/false]) for Container "app" in Pod "web_prod(1)" failed - error: command exited with 1',
  ),
  of('future', 'other', `${runc}: something new: unknown`),
];
