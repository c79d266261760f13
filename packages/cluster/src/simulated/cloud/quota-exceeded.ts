/** A refusal for want of quota, and the cloud's words for it. */

/** A need that does not fit. */
export interface QuotaExceeded {
  readonly metric: string;
  /** Region, or `global`. */
  readonly region: string;
  readonly limit: number;
}

/** `Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1.`, two spaces and all. */
export function quotaSentence({ metric, region, limit }: QuotaExceeded): string {
  const amount = Number.isInteger(limit) ? limit.toFixed(1) : String(limit);
  const place = region === 'global' ? 'globally' : `in region ${region}`;
  return `Quota '${metric}' exceeded.  Limit: ${amount} ${place}.`;
}

/** What Google's client makes of an answer: `googleapi: Error 403: …, quotaExceeded`. */
export function apiFailure(code: number, message: string, reason: string): string {
  return `googleapi: Error ${code}: ${message}, ${reason}`;
}

/** {@link quotaSentence} as Google's client passes it on. */
export function quotaFailure(exceeded: QuotaExceeded): string {
  return apiFailure(403, quotaSentence(exceeded), 'quotaExceeded');
}
