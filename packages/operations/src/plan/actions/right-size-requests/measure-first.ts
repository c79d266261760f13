/** Requests that look far too high, of workloads whose use nobody has watched for long enough: what to measure, and how. */
import type { AssessedRootCause } from '@aia/contract';
import { amountsOf, quantityOf, type SizedResource } from '../../capacity/container-size.ts';
import { RIGHT_SIZE, type Refused } from '../../capacity/right-sizing.ts';
import { podsByOwner } from '../../capacity/workload-pods.ts';
import { usesOf } from '../../capacity/workload-usage.ts';
import { byPerson } from '../../network/by-person.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { Remedy } from '../../remedy.ts';

const HOUR = 3_600_000;
/** Workloads that are worth naming. */
const MOST = 5;
/** Of its request: a moment that shows more use than this is no sign of a request that is too high. */
const FAR_BELOW = 0.5;

interface Suspect {
  readonly name: string;
  readonly text: string;
  /** What all its pods ask for beyond what they were seen to use. */
  readonly spare: number;
}

/** A step for a person, for each of the causes; nothing where no moment shows requests far above use. */
export function measureFirst(
  refused: readonly Refused[],
  resources: ReadonlySet<SizedResource>,
  causes: readonly AssessedRootCause[],
  planning: Planning,
): readonly Remedy[] {
  const [resource] = [...resources].toSorted();
  if (resource === undefined) return [];
  const suspects = refused
    .filter(({ lacksHistory }) => lacksHistory)
    .flatMap((one) => suspectOf(one, resource, planning) ?? [])
    .toSorted((a, b) => b.spare - a.spare || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
  if (suspects.length === 0) return [];
  const hours = Math.round(planning.policy.rightSizing.leastHistoryMs / HOUR);
  return causes.map((cause) =>
    byPerson(cause, {
      kind: RIGHT_SIZE,
      title: `Measure what ${suspects.map(({ name }) => name).join(', ')} use before their requests shrink`,
      target: cause.resource,
      instruction: `Requests of ${resource} may be what fills the nodes, and not use: ${suspects.map(({ text }) => text).join('; ')}. These are single moments, and a peak may lie elsewhere, so that no request is lowered by them. Have their use recorded for ${hours} h (Google Cloud Managed Service for Prometheus, or a Prometheus that scrapes the kubelets) and plan again with --prometheus URL; or set rightSizing.leastHistoryHours of the policy to what is there, if that is typical.`,
      statement: `the use of these workloads was recorded for ${hours} h`,
      fit: 0.35,
    }),
  );
}

function suspectOf({ workload, name }: Refused, resource: SizedResource, planning: Planning): Suspect | undefined {
  const pods = podsByOwner(planning.snapshot).get(workload)?.length ?? 0;
  const uses = usesOf(workload, planning);
  let [asked, used] = [0, 0];
  for (const container of templateOf(workload)?.containers ?? []) {
    const use = uses.find((one) => one.container === container.name);
    const most = resource === 'cpu' ? use?.cpuPeakMillis : use?.memoryPeakBytes;
    if (most === undefined) return undefined;
    asked += amountsOf(container, 'requests')[resource] ?? 0;
    used += most;
  }
  if (asked === 0 || used > FAR_BELOW * asked) return undefined;
  const amount = (value: number) => quantityOf(resource, Math.ceil(value));
  return {
    ...{ name, spare: (asked - used) * pods },
    text: `${name} asks for ${amount(asked)} in each of ${pods} pods and used ${amount(used)} at most when it was looked at`,
  };
}
