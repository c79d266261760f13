/** The orchestrator and the five specialists, and who is responsible for what. */
import type { Role } from '@aia/contract';

/** What a role can be asked to do; the closed list of capabilities. */
export type Capability =
  | 'coordination'
  | 'capacity'
  | 'scheduling'
  | 'networking'
  | 'storage'
  | 'rollout'
  | 'configuration'
  | 'access'
  | 'certificates'
  | 'verification'
  | 'model-serving'
  | 'frontend';

/** A role for people. */
export interface RoleDescription {
  readonly title: string;
  readonly capabilities: readonly Capability[];
}

/** By role. */
export const ROLES: Readonly<Record<Role, RoleDescription>> = Object.freeze({
  'main-orchestrator': { title: 'Main Orchestrator', capabilities: ['coordination'] },
  'gcp-deployment-orchestrator': {
    title: 'GCP Deployment Orchestrator',
    capabilities: ['capacity', 'scheduling', 'networking', 'storage'],
  },
  'cryptography-agent': { title: 'Cryptography Agent', capabilities: ['certificates', 'access'] },
  'production-readiness-assessor': {
    title: 'Production Readiness Assessor',
    capabilities: ['rollout', 'configuration', 'verification'],
  },
  'mlops-specialist': { title: 'MLOps Specialist', capabilities: ['model-serving'] },
  'threejs-ui-optimizer': { title: 'Three.js UI Optimizer', capabilities: ['frontend'] },
});

/** Who has a capability. */
export function roleOf(capability: Capability): Role {
  const found = Object.entries(ROLES).find(([, { capabilities }]) => capabilities.includes(capability));
  return (found?.[0] ?? 'main-orchestrator') as Role;
}
