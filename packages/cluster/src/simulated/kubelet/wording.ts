/** What kubelets say differently from version to version. Source: `pkg/kubelet/kuberuntime`, `pkg/kubelet/images` of the releases. */

/** Texts of one version. `pod` is `name_namespace(uid)`. */
export interface Wording {
  created(container: string): string;
  started(container: string): string;
  /** The image is on the node already. */
  present(image: string): string;
  /** `previous`: reason and text of the pull that failed. */
  backOffPull(image: string, previous: string): string;
  backOffRestart(container: string, pod: string): string;
  /** Prefix of messages of pods that the kubelet did not admit. */
  readonly rejected: string;
}

/** @param serverVersion as `/version` says it: `v1.36.2` */
export function wordingOf(serverVersion: string): Wording {
  const minor = Number(/^v?1\.(\d+)/.exec(serverVersion)?.[1] ?? 36);
  return {
    created: (container) => done('Created', 'created', container, minor),
    started: (container) =>
      minor >= 36 ? done('Started', 'started', container, minor) : `Started container ${container}`,
    present: (image) =>
      `Container image "${image}" already present on machine${minor >= 35 ? ' and can be accessed by the pod' : ''}`,
    backOffPull: (image, previous) =>
      `Back-off pulling image "${image}"${minor >= 32 && previous !== '' ? `: ${previous}` : ''}`,
    backOffRestart: (container, pod) =>
      minor >= 25
        ? `Back-off restarting failed container ${container} in pod ${pod}`
        : 'Back-off restarting failed container',
    rejected: minor >= 29 ? 'Pod was rejected: ' : '',
  };
}

function done(verb: string, participle: string, container: string, minor: number): string {
  if (minor >= 36) return `Container ${participle}`;
  return minor >= 30 ? `${verb} container: ${container}` : `${verb} container ${container}`;
}
