/** A ConfigMap is close to the size that the API server takes (k8sgpt ConfigMap). */
import { refOf, type ConfigMap } from '@aia/cluster';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** Source: https://kubernetes.io/docs/concepts/configuration/configmap/#motivation */
const LIMIT_BYTES = 2 ** 20;
const SHARE = 0.9;

/** Facts: bytes (of keys and values), limitBytes. */
export const rule: Rule = {
  code: 'config-map-too-large',
  title: 'ConfigMap is almost as large as can be',
  severity: 'low',
  explanation:
    'A ConfigMap may hold 1 MiB; what is larger is refused, so that the next change that adds a little fails. From nine tenths of that on ' +
    'it is reported.',
  remediation: { class: 'restore-configuration', text: 'Split it, or keep large files in an image or a volume.' },
  aliases: { k8sgpt: ['ConfigMap'] },
  needs: [],
  *check(examination) {
    for (const map of livingOf(examination, 'ConfigMap')) {
      const bytes = sizeOf(map);
      if (bytes < LIMIT_BYTES * SHARE) continue;
      const { name, namespace = '' } = map.metadata;
      yield {
        resource: refOf(map),
        message: `ConfigMap ${namespace}/${name} holds ${Math.round(bytes / 1024)} of 1024 KiB.`,
        evidence: [{ kind: 'calculation', text: `lengths of keys and values: ${bytes} of ${LIMIT_BYTES} bytes` }],
        facts: { bytes, limitBytes: LIMIT_BYTES },
      };
    }
  },
};

/** Base64 holds three bytes in four characters. */
function sizeOf({ data = {}, binaryData = {} }: ConfigMap): number {
  let bytes = 0;
  for (const key in data) bytes += key.length + (data[key] ?? '').length;
  for (const key in binaryData) bytes += key.length + ((binaryData[key] ?? '').length / 4) * 3;
  return bytes;
}
