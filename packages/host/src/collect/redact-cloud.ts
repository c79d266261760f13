/** Takes out of a cloud listing what is secret or nobody's concern: keys, passwords, start-up scripts. */
import { redactText } from '@aia/cluster';

/** Parts that AIA does not read and that hold keys, scripts or passwords (`gcloud compute project-info`, `container clusters`). */
const DROPPED: ReadonlySet<string> = new Set([
  'masterAuth',
  'sshKeys',
  'password',
  'privateKey',
  'clientKey',
  'access-token',
  'accessToken',
]);
/** Deep enough for any listing; deeper parts are dropped. */
const DEPTH = 64;

/** A copy without them, and how many values were taken out or masked. */
export function redactCloud(value: unknown): { readonly value: unknown; readonly redactions: number } {
  let redactions = 0;
  const copy = (part: unknown, key: string, parent: string, depth: number): unknown => {
    if (typeof part === 'string') return redactText(part, (masked) => (redactions += masked));
    if (typeof part !== 'object' || part === null) return part;
    if (
      depth > DEPTH ||
      DROPPED.has(key) ||
      (key === 'metadata' && parent === 'config') ||
      (key === 'items' && parent === 'commonInstanceMetadata')
    ) {
      redactions++;
      return undefined;
    }
    // Items of a list stand where the list stands.
    if (Array.isArray(part)) return part.map((item) => copy(item, '', key, depth + 1));
    const entries = Object.entries(part).filter(([name, child]) => {
      const secret = typeof child === 'string' && DROPPED.has(name);
      if (secret) redactions++;
      return !secret;
    });
    return Object.fromEntries(entries.map(([name, child]) => [name, copy(child, name, key, depth + 1)]));
  };
  return { value: copy(value, '', '', 0), redactions };
}
