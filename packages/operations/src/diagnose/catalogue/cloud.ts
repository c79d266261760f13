/** Rules about resources of the cloud that no object of the cluster stands behind. */
import type { Rule } from '../rule.ts';
import { rule as cloudAddressUnused } from '../rules/cloud-address-unused/rule.ts';
import { rule as cloudDiskOrphaned } from '../rules/cloud-disk-orphaned/rule.ts';
import { rule as forwardingRuleOrphaned } from '../rules/forwarding-rule-orphaned/rule.ts';

/** In the order of the reference pages. */
export const CLOUD_RULES: readonly Rule[] = [forwardingRuleOrphaned, cloudAddressUnused, cloudDiskOrphaned];
