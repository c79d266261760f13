/** Why the cloud makes no machine, in the words of Compute Engine. Source: https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation */
import { quotaNeedOfNode } from '../../cloud/quota-need.ts';
import type { InstanceGroup } from './machines.ts';
import { quotaSentence } from './quota-exceeded.ts';
import type { SimulatedCloud, StockOut } from './simulated-cloud.ts';

/** As the list of a group's errors has it. */
export interface MachineRefusal {
  /** `QUOTA_EXCEEDED`, `ZONE_RESOURCE_POOL_EXHAUSTED`, `IP_SPACE_EXHAUSTED`, `PERMISSIONS_ERROR`. */
  readonly code: string;
  /** `Instance '‹name›' creation failed: …` */
  readonly message: string;
}

/** Books a machine, or says why there is none. `hasPodRange`: whether there are addresses for its pods. */
export function takeMachine(
  cloud: SimulatedCloud,
  { pool, zone }: InstanceGroup,
  name: string,
  hasPodRange: boolean,
): MachineRefusal | undefined {
  const { conditions, project, region } = cloud;
  const refused = (code: string, why: string): MachineRefusal => ({
    code,
    message: `Instance '${name}' creation failed: ${why}`,
  });
  const denied = conditions.refusal({ type: 'machine', name });
  if (denied !== undefined) return refused('PERMISSIONS_ERROR', denied);
  if (conditions.stockOuts.some((one) => isOut(one, zone, pool.machineType)))
    return refused('ZONE_RESOURCE_POOL_EXHAUSTED', stockOutOf(project, zone));
  if (!hasPodRange) return refused('IP_SPACE_EXHAUSTED', ipSpaceOf(project, region));
  const exceeded = cloud.take(quotaNeedOfNode(pool));
  return exceeded === undefined ? undefined : refused('QUOTA_EXCEEDED', quotaSentence(exceeded));
}

function isOut({ zone, machine }: StockOut, wanted: string, type: string): boolean {
  return zone === wanted && (machine === undefined || type === machine || type.startsWith(`${machine}-`));
}

function stockOutOf(project: string, zone: string): string {
  return `The zone 'projects/${project}/zones/${zone}' does not have enough resources available to fulfill the request. Try a different zone, or try again later.`;
}

function ipSpaceOf(project: string, region: string): string {
  return `IP space of 'projects/${project}/regions/${region}/subnetworks/default' is exhausted. The secondary range of the pods has no free block for another node.`;
}
