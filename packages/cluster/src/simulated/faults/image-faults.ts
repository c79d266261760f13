/** Images that nodes do not get. Source: https://kubernetes.io/docs/concepts/containers/images/ */
import type { FaultKind } from './fault.ts';
import { entityOf } from '../entity.ts';

const MINUTE = 60_000;

const missing: FaultKind = {
  name: 'image-missing',
  family: 'image',
  summary: 'A rollout names an image tag that is not in its registry.',
  source: 'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
  parameters: {},
  bring: (site) => {
    const target = site.deployment();
    const [container] = target.spec?.template.spec?.containers ?? [];
    const before = container?.image ?? '';
    const image = `${before.replace(/(@sha256)?:[^:/]*$/, '')}:v0.0.0-missing`;
    site.behave({
      image: (asked) =>
        asked === image
          ? {
              pullError: `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
            }
          : undefined,
    });
    site.roll(target, {}, { image });
    return {
      truth: { entities: [entityOf(target)], classes: ['image-unavailable'] },
      touched: site.takeTouched(),
      settlesMs: 10 * MINUTE,
      remedy: `Set the image back to ${before}, or push the tag.`,
      repair: () => site.roll(target, {}, { image: before }),
    };
  },
};

export const IMAGE_FAULTS: readonly FaultKind[] = [missing];
