/** A missing PriorityClass made anew. */
import { refOf, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Remedy } from '../../remedy.ts';

/** With value 0, preempting nobody: it lets pods be created and changes the order of none. */
export function createdClass(kind: string, cause: AssessedRootCause, workloads: readonly KubeObject[]): Remedy {
  const { name } = cause.resource;
  const title = `Make the PriorityClass ${name} with value 0`;
  const target = { group: 'scheduling.k8s.io', kind: 'PriorityClass', namespace: '', name };
  const object = {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value: 0,
    preemptionPolicy: 'Never',
    description: 'Made because workloads name it; the value that it was meant to have is not known.',
  };
  return {
    title,
    resolves: [cause.id],
    fit: 0.7,
    drafts: [
      {
        ...{ kind, title, target, part: 'create' },
        reason: `${workloads.length === 1 ? 'A workload names' : `${workloads.length} workloads name`} it and nothing says what its value was: 0 and no preemption let pods be created without putting them before others.`,
        evidence: cause.evidence.slice(0, 2),
        confidence: 0.6,
        changes: [{ kind: 'create', object }],
        probe: {
          conditions: [
            { kind: 'exists', target },
            ...workloads.map((one) => ({ kind: 'available' as const, target: refOf(one) })),
          ],
        },
        risks: [{ reason: 'the value of a class cannot be changed later, only the class be made anew', adds: 0.05 }],
      },
    ],
  };
}
