/** What none of the other tools looks at and this one does. */

/** A check of our own. */
export interface OwnCheck {
  readonly condition: string;
  /** Codes of the rules that carry it, at least one. */
  readonly carriedBy: readonly string[];
}

/** In the order of the page. */
export const OWN_CHECKS: readonly OwnCheck[] = [
  {
    condition: 'headroom of each cloud quota against what waiting pods and their node pools ask for',
    carriedBy: ['quota-exhausted', 'quota-near-limit', 'scale-up-refused', 'node-pool-at-maximum'],
  },
  {
    condition: 'load balancers that wait for an address, and why',
    carriedBy: ['load-balancer-pending'],
  },
  {
    condition: 'load balancers against the quotas they use up, and which could share one',
    carriedBy: ['load-balancer-proliferation'],
  },
  {
    condition: 'certificates: who uses them, who renews them, days left, names they lack',
    carriedBy: [
      'certificate-expired',
      'certificate-expiring',
      'certificate-not-yet-valid',
      'certificate-name-mismatch',
      'certificate-chain-broken',
    ],
  },
  {
    condition: 'forwarding rules, disks and addresses of the cloud that nothing uses',
    carriedBy: ['forwarding-rule-orphaned', 'cloud-disk-orphaned', 'cloud-address-unused'],
  },
  {
    condition: 'requests against measured use and allocatable, by node and pool, and how many nodes would do',
    carriedBy: ['requests-above-usage', 'nodes-underused'],
  },
  {
    condition: 'quotas of namespaces used up while no pod is there to fail',
    carriedBy: ['namespace-quota-exhausted', 'namespace-quota-near-limit', 'replica-creation-failed'],
  },
  {
    condition: "volumes at the provider's limits, and expansions that are stuck",
    carriedBy: ['node-volume-limit', 'claim-size-unsupported', 'volume-quota-short', 'claim-expansion-stuck'],
  },
  {
    condition: 'disruption budgets that make draining a node impossible in the order it would happen',
    carriedBy: ['drain-impossible', 'disruption-budget-blocks-drain'],
  },
  {
    condition: 'ConfigMaps, Secrets and keys that are missing, whatever refers to them',
    carriedBy: ['config-map-missing', 'config-map-key-missing', 'secret-missing', 'secret-key-missing'],
  },
];
