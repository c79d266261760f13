/** Causes that an earlier revision may not have. */
import type { AssessedRootCause } from '@aia/contract';

/** One group of classes. */
interface RolledBack {
  readonly classes: RegExp;
  /** What is wrong shows at once, whenever a pod is made; else it must have begun with the newest revision. */
  readonly isStatic: boolean;
  readonly fit: number;
  /** Completes "Deployment shop/web …". */
  readonly why: string;
}

/** In their order; the first that matches counts. */
const CAUSES: readonly RolledBack[] = [
  {
    classes: /^(image-unavailable|workload-pull-secret-missing)$/,
    isStatic: true,
    fit: 0.9,
    why: 'was brought to an image that its nodes do not get',
  },
  {
    classes: /^registry-(access-refused|rate-limited|unreachable)$/,
    isStatic: true,
    fit: 0.75,
    why: 'was brought to an image of a registry that gives nothing at the moment',
  },
  {
    classes: /^(config-map|secret)-(key-)?missing$/,
    isStatic: true,
    fit: 0.85,
    why: 'was brought to a revision that needs what is not there',
  },
  {
    classes: /^(workload-)?service-account-missing$|^priority-class-missing$/,
    isStatic: true,
    fit: 0.85,
    why: 'was brought to a revision that names what is not there',
  },
  {
    classes: /^(namespace-quota-needs-values|limit-range-violated)$/,
    isStatic: true,
    fit: 0.75,
    why: 'was brought to a revision whose pods its namespace does not take',
  },
  {
    classes: /^(executable-missing|container-cannot-start|container-cannot-be-configured)$/,
    isStatic: true,
    fit: 0.9,
    why: 'was brought to a revision that cannot be started',
  },
  {
    classes: /^(program-fails|program-not-ready|liveness-probe-kills|memory-grows)$/,
    isStatic: false,
    fit: 0.9,
    why: 'has failed since its newest revision',
  },
  {
    classes: /^(memory-limit-too-low|usage-above-request)$/,
    isStatic: false,
    fit: 0.7,
    why: 'has used more than it may since its newest revision',
  },
  {
    classes:
      /^(container-init-blocked|container-not-ready|container-crash-loop|container-restarts-often|container-terminated-with-error|pod-failed|pod-evicted|pod-start-stalled|deployment-unavailable|deployment-rollout-stuck|stateful-set-unavailable|stateful-set-update-stuck|daemon-set-unavailable|cron-job-failing|job-failed|service-name-unknown|dependency-unavailable|pod-volume-mount-failed)$/,
    isStatic: false,
    fit: 0.75,
    why: 'has failed since its newest revision, for a reason that was not seen',
  },
];

/** How a cause may be undone by going back; `undefined` for causes that lie elsewhere. */
export function rolledBackFor({ class: name }: AssessedRootCause): RolledBack | undefined {
  return CAUSES.find(({ classes }) => classes.test(name));
}
