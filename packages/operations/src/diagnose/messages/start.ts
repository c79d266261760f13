/**
 * Containers that cannot be created or started: RunContainerError, CreateContainerError, StartError, ContainerCannotRun and
 * Failed events. The words come from runc, crun, containerd, CRI-O and Docker, not from Kubernetes.
 */
import { plainText } from './event-text.ts';
import type { StartMessage } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

type StartCause = StartMessage['cause'];

const row = (versions: string, cause: StartCause, pattern: RegExp): Row<StartCause> => ({ versions, cause, pattern });

/** `exec: "bin": ‹why›`; CRI-O escapes the quotation marks. */
const EXEC = String.raw`exec:? \\?"?(?<executable>[^"\\:]{1,400}?)\\?"?: `;

const ROWS: readonly Row<StartCause>[] = [
  row('runc', 'memory-limit-too-low', /memory limit too low|possibly OOM-killed/i),
  row('Docker', 'memory-limit-too-low', /[Mm]inimum memory limit (?:allowed )?is|minimum memory reservation/),
  row('runc', 'memory-limit-too-low', /memory\.(?:limit_in_bytes|max)\b.{0,80}device or resource busy/),
  row('CRI-O', 'memory-limit-too-low', /set memory limit \S{1,40} too low|too low; should be at least/),
  row(
    'runc',
    'not-a-directory',
    /error mounting .{0,2000}: not a directory|Are you trying to mount a directory onto a file/,
  ),
  row('runc', 'no-space', /no space left on device/),
  row('runc', 'security-profile', /\/proc\/self\/attr\/|apparmor|seccomp/i),
  row('runc', 'read-only', /read-only file system/),
  row('runc', 'executable-not-found', new RegExp(`${EXEC}executable file not found`)),
  row('runc', 'executable-not-found', new RegExp(`${EXEC}(?:stat [^:]{1,400}: )?no such file or directory`)),
  row('runc', 'executable-not-found', /\bexec (?<executable>\/[^": ]{1,400}): no such file or directory/),
  row('crun', 'executable-not-found', /executable file `(?<executable>[^`]{1,400})` not found/),
  row('Windows', 'executable-not-found', /The system cannot find the (?:file|path) specified/),
  row(
    'containerd',
    'sandbox-gone',
    /no running task found|namespace path: lstat \/proc\/0\/|cannot start a container that has stopped/,
  ),
  row('runc', 'permission-denied', new RegExp(`${EXEC}permission denied`)),
  row('runc', 'permission-denied', /\bexec (?<executable>\/[^": ]{1,400}): permission denied/),
  row(
    'crun',
    'permission-denied',
    /open executable: Permission denied|open `(?<executable>[^`]{1,400})`: Permission denied/,
  ),
  row('runc', 'exec-format', /\bexec (?<executable>\/[^": ]{1,400}): exec format error/),
  row('runc', 'exec-format', /exec format error/i),
  row('runc', 'not-a-directory', /: not a directory\b/),
  row('runc', 'cgroup', /unable to apply cgroup configuration|\bcgroups?\b/i),
  row(
    'all',
    'name-reserved',
    /failed to reserve (?:container|sandbox) name|[Cc]onflict\. The container name|that name is already in use|name .{0,400}is reserved(?: for)?\b/,
  ),
  row('runc', 'hook', /error running (?:\w{1,30} )?hook|nvidia-container-cli: /),
  row('all', 'hook', /(?:Exec|HTTP|Http) ?lifecycle hook|PostStartHook|PreStartHook|preStop hook/i),
  row('all', 'timeout', /context deadline exceeded|DeadlineExceeded|operation timeout/i),
  row('runc', 'permission-denied', /: permission denied\b/i),
];

/** Reasons whose text is the runtime's, whatever it is. */
const REASONS: ReadonlySet<string> = new Set([
  'RunContainerError',
  'CreateContainerError',
  'StartError',
  'ContainerCannotRun',
]);
const HOOK_REASONS: ReadonlySet<string> = new Set([
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
  'FailedPostStartHook',
  'FailedPreStopHook',
]);

/** How a runtime's refusal begins or what it goes through; other texts of `Failed` events are about images or references. */
const SHAPE =
  /^(?:Error: )?(?:(?:failed to|error) (?:start|create|generate|reserv(?:e|ing)|run|get sandbox container)\b|container create failed|error response from daemon|context deadline exceeded|Exec lifecycle hook|rpc error: )|OCI runtime|runc (?:create|run) failed|crun: /i;

/**
 * Reads the runtime's words. `reason` is the waiting, termination or event reason; with one that is not about starting alone
 * (or an empty one) only texts of a runtime are read. A known reason with unknown words gives `other`.
 */
export function parseStart(reason: string, message: string): StartMessage | undefined {
  const text = plainText(message);
  const hook = HOOK_REASONS.has(reason);
  if (!hook && !REASONS.has(reason) && !(isShared(reason) && SHAPE.test(text))) return undefined;
  const found = firstMatch(ROWS, text);
  const executable = found === undefined ? {} : groupsOf(found.match, 'executable');
  return { cause: hook ? 'hook' : (found?.row.cause ?? 'other'), ...executable, text };
}

/** Reasons that come with texts of several kinds. */
function isShared(reason: string): boolean {
  return (
    reason === '' ||
    reason === 'Failed' ||
    reason === 'FailedSync' ||
    reason === 'Error' ||
    reason === 'FailedCreatePodContainer'
  );
}
