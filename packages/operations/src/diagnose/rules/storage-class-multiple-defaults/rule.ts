/** More than one StorageClass is the default. */
import { refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { defaultClasses } from '../../storage/storage-class.ts';
import { listText } from '../../wording.ts';

/** Facts: classes (all defaults, the one that is taken first). */
export const rule: Rule = {
  code: 'storage-class-multiple-defaults',
  title: 'Several StorageClasses are the default',
  severity: 'low',
  explanation:
    'A claim that names no class gets the default. With several, Kubernetes 1.26 on takes the one that was created last, and older ' +
    'versions refuse such claims. Which disks new claims get then depends on the order in which classes were made. One finding, about ' +
    'the class that is taken.',
  remediation: {
    class: 'repair-storage',
    text: 'Set the annotation storageclass.kubernetes.io/is-default-class to false on all but one.',
  },
  aliases: { k8sgpt: ['Storage'] },
  needs: [],
  *check({ snapshot }) {
    const defaults = defaultClasses(snapshot);
    const [taken, ...others] = defaults;
    if (taken === undefined || others.length === 0) return;
    const names = others.map(({ metadata }) => metadata.name);
    yield {
      resource: refOf(taken),
      message: `StorageClass ${taken.metadata.name} is the default, and so ${names.length === 1 ? 'is' : 'are'} ${listText(names)}; claims without a class get ${taken.metadata.name}, the newest.`,
      evidence: defaults.map((one) =>
        fieldEvidence(one, 'metadata.annotations[storageclass.kubernetes.io/is-default-class]', 'true'),
      ),
      facts: { classes: defaults.map(({ metadata }) => metadata.name) },
    };
  },
};
