/** ConfigMaps that nothing refers to (popeye 400, k8sgpt ConfigMap). */
import type { Rule } from '../../rule.ts';
import { unusedDrafts } from '../../configuration/unused-objects.ts';

/** Facts: objectKind, count, objects (names, at most 50). */
export const rule: Rule = {
  code: 'config-map-unused',
  title: 'ConfigMaps that nothing refers to',
  severity: 'info',
  explanation:
    'Nothing that was read names these ConfigMaps: no pod or template, Ingress, ServiceAccount or binding, and no word of a custom resource, ' +
    'an argument or an annotation. They may be left over, or be read through the API by something that is told their name elsewhere, so it ' +
    'is a statement; several in a namespace are one. The rule stays silent about the last day, about system namespaces, about what a controller owns ' +
    'or finds by its label, and where pods or workloads were not read.',
  remediation: {
    class: 'remove-object',
    text: 'Ask whoever made them; delete what nobody needs.',
  },
  aliases: { popeye: ['400'], k8sgpt: ['ConfigMap'] },
  needs: ['pods'],
  check: (examination) => unusedDrafts(examination, 'ConfigMap'),
};
