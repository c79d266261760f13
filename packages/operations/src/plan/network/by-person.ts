/** What only a person can do: precise instructions where nothing in the snapshot tells what is right. */
import type { ResourceRef } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Remedy } from '../remedy.ts';

/** What is to be done about a cause. */
export interface PersonalTask {
  readonly kind: string;
  readonly title: string;
  readonly target: ResourceRef;
  /** In full sentences, with the commands. */
  readonly instruction: string;
  /** What has to be so afterwards. */
  readonly statement: string;
  /** 0..1, below 0.5: it counts as an answer and not as a repair. */
  readonly fit: number;
}

/** A remedy of one manual step. */
export function byPerson(cause: AssessedRootCause, task: PersonalTask): Remedy {
  const { kind, title, target, instruction, statement, fit } = task;
  return {
    ...{ title, fit },
    resolves: [cause.id],
    drafts: [
      {
        ...{ kind, title, target, part: 'by-person' },
        reason: `${cause.title}. Nothing that was read tells what is right, so that a person has to.`,
        evidence: cause.evidence.slice(0, 3),
        confidence: 0.7,
        changes: [{ kind: 'manual', instruction }],
        probe: { conditions: [{ kind: 'told', statement }] },
      },
    ],
  };
}
