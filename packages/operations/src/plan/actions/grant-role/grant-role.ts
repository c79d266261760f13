/** Permissions that the agents of a cluster lack in its project. */
import type { AssessedEvidence, AssessedRootCause, Condition } from '@aia/contract';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import { PROJECT_NUMBER } from '../../effects/cloud-commands.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
interface Grant {
  readonly agent: string;
  readonly role: string;
  readonly member: string;
}

const GKE: Grant = {
  agent: 'service agent of GKE',
  role: 'roles/container.serviceAgent',
  member: `serviceAccount:service-${PROJECT_NUMBER}@container-engine-robot.iam.gserviceaccount.com`,
};
const GOOGLE_APIS: Grant = {
  agent: 'Google APIs service agent',
  role: 'roles/editor',
  member: `serviceAccount:${PROJECT_NUMBER}@cloudservices.gserviceaccount.com`,
};
/**
 * Who is refused, and the role that it has in every project from the first: machines of instance groups are made by the Google APIs service agent,
 * load balancers by that of GKE. Source: https://cloud.google.com/kubernetes-engine/docs/troubleshooting/service-accounts;
 * https://cloud.google.com/iam/docs/service-agents
 */
const GRANTS: Readonly<Record<string, Grant>> = {
  'scale-up-refused-permission': GOOGLE_APIS,
  'load-balancer-permission': GKE,
};
/** Some refusals name whom they refuse. */
const ACTING = /\(when acting as '([^']{1,200})'\)/;
/** In the words of a refusal: a permission of Compute Engine, of which those roles have what clusters need. */
const LACKS = /Required '(compute\.[\w.]{1,120})' permission/;

/** Proposes to give GKE's service agent the role back that a refusal shows it lacks. */
export const grantRole: ActionKind = {
  kind: 'grant-role',
  title: 'Give an agent of the cluster its role back',
  explanation:
    'Where the cloud refuses machines or load balancers for want of a permission of Compute Engine that it names: gives whoever is refused the role back that it has in every project from the first, roles/editor to the Google APIs service agent, by which instance groups make machines, and roles/container.serviceAgent to the service agent of GKE, which makes load balancers. Refuses where no permission is named, where the refusal names another account, and outside of Google Cloud.',
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
  const words = told.map(wordsOf).join(' ');
  const permission = LACKS.exec(words)?.[1];
  const grant = grantFor(cause.class, ACTING.exec(words)?.[1]);
  if (permission === undefined || grant === undefined || provider !== 'gcp') return undefined;
  const { agent, role, member } = grant;
  const title = `Give the ${agent} the role ${role} back`;
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
        reason: `${cause.statement} The refusal names the permission ${permission}, which ${role} has and the ${agent} lacks. Look first who took the role away and why: gcloud projects get-iam-policy, and the audit log for SetIamPolicy.`,
        evidence: told.slice(0, 4),
        confidence: 0.85,
        changes: [
          {
            kind: 'cloud',
            call: { operation: 'grant-role', role, member, purpose: `the ${agent} needs ${permission}` },
          },
        ],
        probe: { conditions: probesOf(cause, planning), withinMs: 60 * MINUTE },
        risks: [{ reason: 'somebody may have taken the role away on purpose', adds: 0.05 }],
      },
    ],
  };
}

/** `account`: whom the refusal names; one that is neither agent is for a person. */
function grantFor(cause: string, account: string | undefined): Grant | undefined {
  if (account === undefined) return GRANTS[cause];
  const domain = account.slice(account.indexOf('@'));
  return [GKE, GOOGLE_APIS].find(({ member }) => member.endsWith(domain));
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
