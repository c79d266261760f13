/** A pod template names a ServiceAccount that does not exist. */
import { refKey, refOf, refText } from '@aia/cluster';
import { isReadIn } from '../../absence.ts';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { serviceAccountOf } from '../../workloads/workload-needs.ts';
import { workloadTemplates } from '../../workloads/workload-templates.ts';

/** Facts: objectKind, objectName, workload. */
export const rule: Rule = {
  code: 'workload-service-account-missing',
  title: 'ServiceAccount of a workload is missing',
  severity: 'high',
  explanation:
    'The pod template names a ServiceAccount that is not in its namespace, so the API server refuses every pod made from it. Pods ' +
    'that exist already go on, so it is medium for pods and while the workload is complete: the next pod fails. The rule stays silent for ' +
    'workloads that are younger than the grace period, scaled to zero or suspended, and where the ServiceAccounts of the namespace were not read.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the ServiceAccount with the bindings it had, or name one that exists.',
  },
  aliases: { popeye: ['307', '507'], 'kube-linter': ['non-existent-service-account'], kubescape: ['C-0307'] },
  needs: ['kind:ServiceAccount'],
  *check(examination) {
    const { snapshot } = examination;
    for (const template of workloadTemplates(examination)) {
      const account = serviceAccountOf(template);
      const { namespace, workload, holder, isComplete } = template;
      // Every namespace gets its default account from a controller; where it lacks, the accounts were not all read.
      if (account === undefined || account.name === 'default') continue;
      if (snapshot.get('ServiceAccount', namespace, account.name) !== undefined) continue;
      if (!isReadIn(snapshot, 'ServiceAccount', namespace)) continue;
      if ((examination.ageMs(holder.metadata.creationTimestamp) ?? Infinity) < examination.thresholds.graceMs) continue;
      const isPod = workload.kind === 'Pod';
      const effect = isComplete ? 'its pods run, but none can be made anew' : 'no pod can be made for it';
      yield {
        resource: refOf(workload),
        severity: isPod || isComplete ? 'medium' : 'high',
        message: `${refText(refOf(workload))} runs as ServiceAccount ${account.name}, which does not exist; ${isPod ? 'it cannot be made anew, and its token is not renewed' : effect}.`,
        evidence: [
          fieldEvidence(account.holder, account.path, account.name),
          absenceEvidence('ServiceAccount', namespace, account.name, 'not among the ServiceAccounts of the namespace'),
        ],
        facts: { objectKind: 'ServiceAccount', objectName: account.name, workload: refKey(refOf(workload)) },
      };
    }
  },
};
