/** Permissions that the agent of the cluster lacks in its project. */
import type { AssessedEvidence, AssessedRootCause, Condition } from '@aia/contract';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
/** The role by which GKE makes machines, disks and load balancers; source: https://cloud.google.com/kubernetes-engine/docs/troubleshooting/service-accounts */
const ROLE = 'roles/container.serviceAgent';
/** What it is given to. The project's number is in nothing that is read. */
const MEMBER = 'serviceAccount:service-<project number>@container-engine-robot.iam.gserviceaccount.com';
/** In the words of a refusal: a permission of Compute Engine, of which that role has those that clusters need. */
const LACKS = /Required '(compute\.[\w.]{1,120})' permission/;

/** Proposes to give GKE's service agent the role back that a refusal shows it lacks. */
export const grantRole: ActionKind = {
  kind: 'grant-role',
  title: 'Give the agent of the cluster its role back',
  explanation:
    'Where the cloud refuses machines or load balancers for want of a permission of Compute Engine that it names: gives the service agent of GKE the role roles/container.serviceAgent in the project again, which every cluster needs and which has that permission. Refuses where no permission is named, and outside of Google Cloud.',
  capability: 'access',
  prior: { alpha: 9, beta: 1, basis: 'the refusal names the permission' },
  durationMs: { optimistic: 2 * MINUTE, likely: 15 * MINUTE, pessimistic: 24 * 60 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning
      .causesOf('scale-up-refused-permission', 'load-balancer-permission')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const { project, provider } = planning.snapshot.cloud;
  const told = [...cause.evidence, ...planning.findingsOf(cause).flatMap(({ evidence }) => evidence)].filter((one) =>
    LACKS.test(wordsOf(one)),
  );
  const permission = LACKS.exec(told.map(wordsOf).join(' '))?.[1];
  if (permission === undefined || provider !== 'gcp') return undefined;
  const title = `Give the service agent of GKE the role ${ROLE} back`;
  return {
    title,
    resolves: [cause.id],
    fit: 1,
    drafts: [
      {
        kind: grantRole.kind,
        title,
        target: {
          group: 'cloudresourcemanager.googleapis.com',
          kind: 'Project',
          namespace: '',
          name: project ?? 'project',
        },
        reason: `${cause.statement} The refusal names the permission ${permission}, which ${ROLE} has. Look first who took the role away and why (gcloud projects get-iam-policy), and whether the Google APIs service agent has its own one still.`,
        evidence: told.slice(0, 4),
        confidence: 0.85,
        changes: [
          {
            kind: 'cloud',
            call: { operation: 'grant-role', role: ROLE, member: MEMBER, purpose: `GKE needs ${permission}` },
          },
        ],
        probe: { conditions: probesOf(cause, planning), withinMs: 60 * MINUTE },
        risks: [{ reason: 'somebody may have taken the role away on purpose', adds: 0.05 }],
      },
    ],
  };
}

function wordsOf(evidence: AssessedEvidence): string {
  if (evidence.kind === 'event') return evidence.message;
  return evidence.kind === 'cloud' ? evidence.text : '';
}

/** What was refused comes: pods find their nodes, Services their addresses. */
function probesOf(cause: AssessedRootCause, planning: Planning): readonly Condition[] {
  const services = planning.findingsOf(cause).filter(({ code }) => code === 'load-balancer-pending');
  return [
    ...workloadsWaiting(cause, planning).map((target) => ({ kind: 'scheduled' as const, target })),
    ...services.map(({ resource }) => ({ kind: 'address' as const, target: resource })),
  ];
}
