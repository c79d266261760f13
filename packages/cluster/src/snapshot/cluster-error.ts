/** Why something about a cluster could not be read at all. */
export type ClusterErrorCode =
  /** The value is no encoded snapshot. */
  | 'not-a-snapshot'
  /** An encoded snapshot of a version this product does not know. */
  | 'unknown-version'
  /** A sealed snapshot whose content is not what was sealed: changed or cut short. */
  | 'tampered'
  /** The simulated API server refused a request; see `ApiError`. */
  | 'api-refused'
  /** A simulated cluster was asked after its end. */
  | 'stopped';

/** The one error class of this package: the input, not the caller, is at fault. Trying again does not help. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly retry = 'never';
  readonly code: ClusterErrorCode;
  /** What was found, for machines. */
  readonly data: Readonly<Record<string, string | number>>;

  constructor(
    code: ClusterErrorCode,
    message: string,
    data: Readonly<Record<string, string | number>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.data = data;
  }
}
