/** Fields of the kinds in `model/custom-kinds.ts`, and their types. */
import type { CustomKindMap } from '../model/custom-kinds.ts';
import { CERTIFICATE_KIND_FIELDS } from './certificate-shapes.ts';
import { GATEWAY_KIND_FIELDS } from './gateway-shapes.ts';
import { conditions } from './pod-shapes.ts';
import { boolean, fields, number, string, type Shape } from './shape.ts';

/** Fields beside `apiVersion`, `kind` and `metadata`, by group and kind. */
export const CUSTOM_KIND_FIELDS: { readonly [K in keyof CustomKindMap]: Readonly<Record<string, Shape>> } = {
  ...CERTIFICATE_KIND_FIELDS,
  ...GATEWAY_KIND_FIELDS,
  'apiregistration.k8s.io/APIService': {
    spec: fields({
      service: fields({ name: string, namespace: string, port: number }),
      group: string,
      version: string,
      caBundle: string,
      insecureSkipTLSVerify: boolean,
    }),
    status: fields({ conditions }),
  },
};
