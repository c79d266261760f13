/** Fields of the kinds in `model/custom-kinds.ts`, and their types. */
import type { CustomKindMap } from '../model/custom-kinds.ts';
import { CERTIFICATE_KIND_FIELDS } from './certificate-shapes.ts';
import { conditions } from './pod-shapes.ts';
import { boolean, fields, list, number, string, type Shape } from './shape.ts';

const gatewayReference = fields({
  group: string,
  kind: string,
  namespace: string,
  name: string,
  sectionName: string,
  port: number,
});

/** Fields beside `apiVersion`, `kind` and `metadata`, by group and kind. */
export const CUSTOM_KIND_FIELDS: { readonly [K in keyof CustomKindMap]: Readonly<Record<string, Shape>> } = {
  ...CERTIFICATE_KIND_FIELDS,
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
  'gateway.networking.k8s.io/Gateway': {
    spec: fields({
      gatewayClassName: string,
      listeners: list(
        fields({
          name: string,
          hostname: string,
          port: number,
          protocol: string,
          tls: fields({ mode: string, certificateRefs: list(gatewayReference) }),
        }),
      ),
    }),
    status: fields({ addresses: list(fields({ type: string, value: string })), conditions }),
  },
  'gateway.networking.k8s.io/GatewayClass': {
    spec: fields({ controllerName: string }),
    status: fields({ conditions }),
  },
  'gateway.networking.k8s.io/HTTPRoute': {
    spec: fields({
      parentRefs: list(gatewayReference),
      hostnames: list(string),
      rules: list(fields({ backendRefs: list(gatewayReference) })),
    }),
  },
  'gateway.networking.k8s.io/ReferenceGrant': {
    spec: fields({
      from: list(fields({ group: string, kind: string, namespace: string })),
      to: list(fields({ group: string, kind: string, name: string })),
    }),
  },
};
