/** The one class of error for the world failing this package: files, networks, credentials. */

/** What failed; stable, for programs. */
export type HostErrorCode =
  // live
  | 'kubeconfig-missing'
  | 'kubeconfig-invalid'
  | 'context-not-found'
  | 'credential-plugin'
  | 'unreachable'
  | 'unauthorized'
  | 'cancelled'
  // dump
  | 'dump-missing'
  | 'dump-unreadable'
  | 'dump-empty'
  // files that options name
  | 'input-unreadable'
  // collect
  | 'output-exists'
  | 'output-failed'
  // identity
  | 'home-missing'
  | 'file-exposed'
  | 'key-missing'
  | 'key-damaged'
  | 'keystore-refused'
  | 'passphrase-missing'
  | 'identity-missing'
  | 'identity-exists'
  | 'store-failed'
  // other programs
  | 'program-missing'
  | 'program-failed';

/** Particulars of the failure by name, for example `{ context: 'prod', file: '/home/me/.kube/config' }`. Never a secret. */
export type HostErrorData = Readonly<Record<string, string | number | readonly string[]>>;

/** Thrown when nothing useful can be answered. The message is one sentence for a person and says what to do next. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;
  readonly data: HostErrorData;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retry: 'never' | 'later';

  constructor(
    code: HostErrorCode,
    message: string,
    options: { readonly data?: HostErrorData; readonly retry?: 'never' | 'later'; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data ?? {};
    this.retry = options.retry ?? 'never';
  }
}
