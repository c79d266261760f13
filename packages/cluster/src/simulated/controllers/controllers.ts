/** All controllers of the control plane. */
import { rootCaController } from './root-ca/root-ca-controller.ts';
import { serviceAccountController } from './service-account/service-account-controller.ts';
import type { SimulationContext } from '../simulation-context.ts';
import type { Controller } from './controller.ts';

/** Makes a controller for one cluster. */
export type MakeController = (context: SimulationContext) => Controller;

const CONTROLLERS: readonly MakeController[] = [serviceAccountController, rootCaController];

export function controllersOf(context: SimulationContext): readonly Controller[] {
  return CONTROLLERS.map((make) => make(context));
}
