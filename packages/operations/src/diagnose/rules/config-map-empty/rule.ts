/** ConfigMaps without a key (k8sgpt ConfigMap). */
import type { Rule } from '../../rule.ts';
import { byNamespace, ownConfiguration } from '../../configuration/unused-objects.ts';

/** Facts: objectKind, count, objects (names, at most 50). */
export const rule: Rule = {
  code: 'config-map-empty',
  title: 'ConfigMaps without any key',
  severity: 'info',
  explanation:
    'The ConfigMaps hold no key. A program that reads one gets nothing, which is sometimes meant: a placeholder that is filled later. ' +
    'The rule stays silent for the first five minutes, about system namespaces, and about what a controller owns or finds by its label.',
  remediation: { class: 'restore-configuration', text: 'Fill them, or delete them where nobody needs them.' },
  aliases: { k8sgpt: ['ConfigMap'] },
  needs: [],
  check: (examination) =>
    byNamespace(
      ownConfiguration(examination, 'ConfigMap').filter(
        ({ metadata, data = {}, binaryData = {} }) =>
          Object.keys(data).length === 0 &&
          Object.keys(binaryData).length === 0 &&
          (examination.ageMs(metadata.creationTimestamp) ?? Infinity) >= examination.thresholds.graceMs,
      ),
      'ConfigMap',
      'without any key',
    ),
};
