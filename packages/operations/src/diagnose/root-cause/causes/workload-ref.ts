/** The workload that a finding about a pod belongs to. */
import type { ResourceRef } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { text } from '../finding-index.ts';

/** The `workload` fact is a `refKey`; the finding's own resource stands in where a rule gave none. */
export function workloadRef(finding: Finding): ResourceRef {
  const parts = text(finding, 'workload').split('/');
  const [group, kind, namespace, name] = parts;
  if (parts.length !== 4 || group === undefined || !kind || namespace === undefined || !name) return finding.resource;
  return { group, kind, namespace, name };
}
