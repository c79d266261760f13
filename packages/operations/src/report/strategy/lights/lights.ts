/** The five status lights. */
import type { Assessment, Inventory, Light } from '@aia/contract';
import { debt } from './debt.ts';
import { deployment } from './deployment.ts';
import { experience } from './experience.ts';
import { health } from './health.ts';
import type { LightRule } from './light.ts';
import { security } from './security.ts';

const LIGHTS: readonly LightRule[] = [deployment, health, security, experience, debt];

/** The lights of a cluster, in the order of the document. */
export function lightsOf(assessment: Assessment, inventory: Inventory): readonly Light[] {
  return LIGHTS.map(({ id, name, formula, words, show }) => {
    const { colour, basis } = show({ assessment, inventory });
    return { id, name, colour, word: words[colour], formula, basis };
  });
}
