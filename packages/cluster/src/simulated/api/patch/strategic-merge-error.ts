/** What is wrong with a strategic merge patch. */

/** `format` is the client's mistake (400); everything else the API server does not foresee (500). */
export class StrategicMergeError extends Error {
  readonly fault: 'format' | 'other';

  constructor(fault: 'format' | 'other', message: string) {
    super(message);
    this.fault = fault;
  }
}
