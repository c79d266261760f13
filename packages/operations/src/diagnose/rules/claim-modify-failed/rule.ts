/** A change of a volume's attributes does not take effect. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import { eventEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly } from '../../wording.ts';
import { knownFacts } from '../../finding.ts';

/** Facts: attributesClass, status (of `modifyVolumeStatus`). */
export const rule: Rule = {
  code: 'claim-modify-failed',
  title: 'Volume cannot be given other attributes',
  severity: 'medium',
  explanation:
    'The claim names another VolumeAttributesClass (more IOPS or throughput, for example), and the driver refuses the change or the class ' +
    'does not exist. The volume keeps working as it was. The condition ModifyVolumeError, a modifyVolumeStatus of Infeasible or the event ' +
    'VolumeModifyFailed say so. The rule stays silent for changes that are in progress.',
  remediation: {
    class: 'repair-storage',
    text: 'Correct the parameters of the VolumeAttributesClass, or name on the claim the one that the volume has.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const claim of livingOf(examination, 'PersistentVolumeClaim')) {
      const found = conditionOf(claim.status?.conditions, 'ModifyVolumeError');
      const condition = found?.status === 'True' ? found : undefined;
      const { status, targetVolumeAttributesClassName: target } = claim.status?.modifyVolumeStatus ?? {};
      const [event] = examination.warnings(claim, 'VolumeModifyFailed');
      const isInfeasible = status === 'Infeasible';
      if (condition === undefined && !isInfeasible && (event === undefined || status !== 'InProgress')) continue;
      const { namespace = '', name } = claim.metadata;
      const attributesClass = target ?? claim.spec?.volumeAttributesClassName;
      const text = condition?.message ?? event?.message ?? '';
      yield {
        resource: refOf(claim),
        message: `The volume of claim ${namespace}/${name} cannot be changed to VolumeAttributesClass ${attributesClass ?? '(not named)'}${text === '' ? '' : `: ${briefly(text)}`}.`,
        evidence: [
          ...(condition === undefined ? [] : conditionEvidence(claim, condition)),
          ...(status === undefined ? [] : [fieldEvidence(claim, 'status.modifyVolumeStatus.status', status)]),
          ...(event === undefined ? [] : [eventEvidence(event)]),
        ],
        facts: knownFacts({ attributesClass, status }),
        since: timeOf(condition?.lastTransitionTime),
      };
    }
  },
};
