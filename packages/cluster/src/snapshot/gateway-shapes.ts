/** Fields of the kinds in `model/gateway-kinds.ts`, and their types. */
import type { GatewayKindMap } from '../model/gateway-kinds.ts';
import { conditions, labelSelector } from './pod-shapes.ts';
import { fields, list, number, string, type Shape } from './shape.ts';

const reference = { group: string, kind: string, namespace: string };
const named = { name: string };
const parent = fields({ ...reference, sectionName: string, port: number }, named);
const listener = fields(
  {
    hostname: string,
    port: number,
    protocol: string,
    tls: fields({ mode: string, certificateRefs: list(fields(reference, named)) }),
    allowedRoutes: fields({
      namespaces: fields({ from: string, selector: labelSelector }),
      kinds: list(fields({ group: string }, { kind: string })),
    }),
  },
  named,
);
const route = {
  spec: fields({
    parentRefs: list(parent),
    hostnames: list(string),
    rules: list(fields({ backendRefs: list(fields({ ...reference, port: number, weight: number }, named)) })),
  }),
  status: fields({ parents: list(fields({ parentRef: parent, controllerName: string, conditions })) }),
};

/** Fields beside `apiVersion`, `kind` and `metadata`, by group and kind. */
export const GATEWAY_KIND_FIELDS: { readonly [K in keyof GatewayKindMap]: Readonly<Record<string, Shape>> } = {
  'gateway.networking.k8s.io/GatewayClass': {
    spec: fields({ controllerName: string }),
    status: fields({ conditions }),
  },
  'gateway.networking.k8s.io/Gateway': {
    spec: fields({
      gatewayClassName: string,
      listeners: list(listener),
      addresses: list(fields({ type: string, value: string })),
    }),
    status: fields({
      conditions,
      addresses: list(fields({ type: string, value: string })),
      listeners: list(fields({ attachedRoutes: number, conditions }, named)),
    }),
  },
  'gateway.networking.k8s.io/HTTPRoute': route,
  'gateway.networking.k8s.io/GRPCRoute': route,
  'gateway.networking.k8s.io/TLSRoute': route,
  'gateway.networking.k8s.io/TCPRoute': route,
  'gateway.networking.k8s.io/UDPRoute': route,
  'gateway.networking.k8s.io/ReferenceGrant': {
    spec: fields({
      from: list(fields({ group: string }, { kind: string, namespace: string })),
      to: list(fields({ group: string, name: string }, { kind: string })),
    }),
  },
};
