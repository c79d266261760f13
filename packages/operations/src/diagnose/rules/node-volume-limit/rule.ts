/** A node has as many disks as it can have. */
import { refOf } from '@aia/cluster';
import { fieldEvidence, inOrder } from '../../examination.ts';
import { podsOnNode } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';
import { disksByNode } from '../../storage/attachments.ts';

/** Facts: driver, disks, limit. */
export const rule: Rule = {
  code: 'node-volume-limit',
  title: 'Node has nearly all the disks it can have',
  severity: 'low',
  explanation:
    'A machine can have only so many disks, and the driver says how many on the CSINode. At the limit the node takes no further pod with a ' +
    'disk of that driver, however much CPU and memory is left: `node(s) exceed max volume count`. Reached is medium, nearly reached (90 %) low. ' +
    'Disks that are attached and those of pods on the node count, each once. The rule stays silent where the driver names no limit.',
  remediation: {
    class: 'add-capacity',
    text: 'Add a node, use machines that take more disks, or put fewer pods with disks on one node.',
  },
  aliases: {},
  needs: ['nodes', 'pods'],
  *check(examination) {
    const { snapshot } = examination;
    const nodes = snapshot.list('CSINode');
    if (nodes.length === 0) return;
    const disks = disksByNode(snapshot, (node) => podsOnNode(examination, node));
    for (const csiNode of inOrder(nodes)) {
      const { name } = csiNode.metadata;
      const node = snapshot.get('Node', '', name);
      for (const [i, driver] of (csiNode.spec?.drivers ?? []).entries()) {
        const limit = driver.allocatable?.count ?? 0;
        const count = disks.get(`${name} ${driver.name}`)?.size ?? 0;
        if (limit <= 0 || count / limit < examination.thresholds.nodeShare || node === undefined) continue;
        const isFull = count >= limit;
        yield {
          resource: refOf(node),
          part: driver.name,
          severity: isFull ? 'medium' : 'low',
          message: `Node ${name} has ${count} of at most ${limit} disks of ${driver.name}${isFull ? ' and takes no further pod with one' : ''}.`,
          evidence: [
            fieldEvidence(csiNode, `spec.drivers[${i}].allocatable.count`, limit),
            {
              kind: 'calculation',
              text: `${count} volumes of ${driver.name} are attached to ${name} or used by its pods`,
            },
          ],
          facts: { driver: driver.name, disks: count, limit },
        };
      }
    }
  },
};
