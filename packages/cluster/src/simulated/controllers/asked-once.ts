/** A question about labels that is asked of many objects at a time. */
import type { Labels } from '../../model/selector.ts';

/** The same test, which looks once at labels that several objects share, as those made from one template do. */
export function askedOnce(test: (labels: Labels | undefined) => boolean): (labels: Labels | undefined) => boolean {
  const answers = new Map<Labels | undefined, boolean>();
  return (labels) => {
    let answer = answers.get(labels);
    if (answer === undefined) answers.set(labels, (answer = test(labels)));
    return answer;
  };
}
