/** ServiceAccounts, their tokens, and what each namespace begins with. */
import type { ConformanceCase } from '../conformance-case.ts';
import { NAMESPACE } from './objects.ts';

const ACCOUNTS = 'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/';
const account = { verb: 'get', resource: 'v1/serviceaccounts', namespace: NAMESPACE, name: 'default' } as const;
const root = { verb: 'get', resource: 'v1/configmaps', namespace: NAMESPACE, name: 'kube-root-ca.crt' } as const;
const token = { ...account, verb: 'create', subresource: 'token' } as const;
const SOON = { eventuallyMs: 60_000 };

function request(spec: Readonly<Record<string, unknown>>) {
  return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
}

export const ACCOUNT_CASES: readonly ConformanceCase[] = [
  {
    name: 'each namespace has a default account, which is made again',
    source: `${ACCOUNTS}#serviceaccount-controller`,
    steps: [
      { ...account, ...SOON, keep: 'first', expect: { body: { metadata: { name: 'default' } } } },
      { ...account, verb: 'delete' },
      { ...account, ...SOON, expect: { code: 200 } },
    ],
  },
  {
    name: 'each namespace has the certificate of the API server, which is repaired',
    source: 'https://kubernetes.io/docs/concepts/storage/projected-volumes/',
    steps: [
      { ...root, ...SOON, expect: { body: { data: { 'ca.crt': /^-----BEGIN CERTIFICATE-----\n/ } } } },
      { ...root, verb: 'patch', body: { data: { 'ca.crt': 'other' } } },
      { ...root, ...SOON, expect: { body: { data: { 'ca.crt': /^-----BEGIN CERTIFICATE-----\n/ } } } },
    ],
  },
  {
    name: 'a token is made for as long as is asked for, ten minutes at least',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/',
    steps: [
      { ...account, ...SOON, expect: { code: 200 } },
      {
        ...token,
        body: request({ expirationSeconds: 600 }),
        expect: {
          code: 201,
          body: { kind: 'TokenRequest', status: { token: /^[\w-]+\.[\w-]+\.[\w-]+$/, expirationTimestamp: /Z$/ } },
        },
      },
      {
        ...token,
        body: request({ expirationSeconds: 60 }),
        expect: {
          code: 422,
          message:
            'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
        },
      },
    ],
  },
  {
    name: 'no token is made for an account that is not there',
    source: `${ACCOUNTS}#bound-service-account-tokens`,
    steps: [
      {
        ...token,
        name: 'absent',
        body: request({}),
        expect: { code: 404, message: 'serviceaccounts "absent" not found' },
      },
    ],
  },
  {
    name: 'events are forgotten after an hour',
    source: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
    given: [
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'told.1', namespace: NAMESPACE },
        involvedObject: { kind: 'Pod', name: 'told', namespace: NAMESPACE },
        reason: 'Told',
        message: 'something',
        type: 'Normal',
      },
    ],
    steps: [
      { verb: 'get', resource: 'v1/events', namespace: NAMESPACE, name: 'told.1', expect: { code: 200 } },
      { passMs: 3_700_000 },
      { verb: 'get', resource: 'v1/events', namespace: NAMESPACE, name: 'told.1', expect: { code: 404 } },
    ],
  },
];
