/** All controllers of the control plane. */
import type { SimulationContext } from '../simulation-context.ts';
import type { Controller } from './controller.ts';

/** Makes a controller for one cluster. */
export type MakeController = (context: SimulationContext) => Controller;

const CONTROLLERS: readonly MakeController[] = [];

export function controllersOf(context: SimulationContext): readonly Controller[] {
  return CONTROLLERS.map((make) => make(context));
}
