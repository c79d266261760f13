/** Status lights: a colour by a stated formula over what was found, never green for want of figures. */
import type { Assessment, Inventory, Light } from '@aia/contract';

/** What lights look at. */
export interface LightView {
  readonly assessment: Assessment;
  readonly inventory: Inventory;
}

/** What a light says. */
export interface Shown {
  readonly colour: Light['colour'];
  /** The figures that it followed from. */
  readonly basis: string;
}

/** One light. */
export interface LightRule {
  readonly id: Light['id'];
  readonly name: string;
  readonly formula: string;
  /** The word for each colour. */
  readonly words: Readonly<Record<Light['colour'], string>>;
  readonly show: (view: LightView) => Shown;
}
