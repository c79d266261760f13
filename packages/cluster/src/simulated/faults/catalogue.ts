/** Every kind of fault, by family; each table stands in the file of its family. */
import { AUTOSCALING_FAULTS } from './autoscaling-faults.ts';
import { CERTIFICATE_FAULTS } from './certificate-faults.ts';
import { CLOUD_FAULTS } from './cloud-faults.ts';
import { CONFIGURATION_FAULTS } from './configuration-faults.ts';
import type { FaultKind } from './fault.ts';
import { IMAGE_FAULTS } from './image-faults.ts';
import { NETWORK_FAULTS } from './network-faults.ts';
import { NODE_FAULTS } from './node-faults.ts';
import { POLICY_FAULTS } from './policy-faults.ts';
import { PROGRAM_FAULTS } from './program-faults.ts';
import { RESOURCE_FAULTS } from './resources-faults.ts';
import { ROLLOUT_FAULTS } from './rollout-faults.ts';
import { SCHEDULING_FAULTS } from './scheduling-faults.ts';
import { STORAGE_FAULTS } from './storage-faults.ts';

const KINDS: readonly FaultKind[] = [
  ...IMAGE_FAULTS,
  ...PROGRAM_FAULTS,
  ...CONFIGURATION_FAULTS,
  ...RESOURCE_FAULTS,
  ...ROLLOUT_FAULTS,
  ...SCHEDULING_FAULTS,
  ...NODE_FAULTS,
  ...POLICY_FAULTS,
  ...NETWORK_FAULTS,
  ...STORAGE_FAULTS,
  ...CLOUD_FAULTS,
  ...AUTOSCALING_FAULTS,
  ...CERTIFICATE_FAULTS,
];

export const FAULT_KINDS: ReadonlyMap<string, FaultKind> = new Map(KINDS.map((kind) => [kind.name, kind]));
