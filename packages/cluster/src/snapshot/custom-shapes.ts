/** Fields of the kinds in `model/custom-kinds.ts`, and their types. */
import type { CustomKindMap } from '../model/custom-kinds.ts';
import { conditions } from './pod-shapes.ts';
import { fields, string, type Shape } from './shape.ts';

/** Fields beside `apiVersion`, `kind` and `metadata`, by group and kind. */
export const CUSTOM_KIND_FIELDS: { readonly [K in keyof CustomKindMap]: Readonly<Record<string, Shape>> } = {
  'gateway.networking.k8s.io/GatewayClass': {
    spec: fields({ controllerName: string }),
    status: fields({ conditions }),
  },
};
