/**
 * Questions about who somebody is and what they may do: answered, and not kept.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { badRequest, invalid, type FieldError } from '../api/api-error.ts';
import { resourceType, type ResourceType } from '../api/resource-type.ts';
import { answer } from './answer.ts';
import type { Call, Identity, VirtualResource } from './call.ts';
import { formOf } from './negotiation.ts';
import type { RbacAuthorizer } from '../rbac/authorizer.ts';
import type { Attributes, Rule } from '../rbac/rules.ts';
import { objectOf } from './writes.ts';

const AUTHORIZATION = 'authorization.k8s.io/v1';
const AUTHENTICATION = 'authentication.k8s.io/v1';

/** What reviews ask. */
export interface ReviewParts {
  readonly authorizer: RbacAuthorizer;
  /** Whose token it is. */
  identify(token: string): Identity | undefined;
}

type Answers = (call: Call, spec: Json, object: KubeObject) => Json;

/** All of them. */
export function reviews({ authorizer, identify }: ReviewParts): readonly VirtualResource[] {
  return [
    review(AUTHORIZATION, 'SelfSubjectAccessReview', false, ({ user }, spec) =>
      decided(authorizer, user, spec, 'SelfSubjectAccessReview'),
    ),
    review(AUTHORIZATION, 'SubjectAccessReview', false, (_, spec) =>
      decided(authorizer, subjectOf(spec, 'SubjectAccessReview'), spec, 'SubjectAccessReview'),
    ),
    review(AUTHORIZATION, 'LocalSubjectAccessReview', true, (call, spec) => {
      const wanted = isRecord(spec['resourceAttributes']) ? spec['resourceAttributes'] : {};
      if (wanted['namespace'] !== call.target.namespace)
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${call.target.namespace}`);
      return decided(authorizer, subjectOf(spec, 'LocalSubjectAccessReview'), spec, 'LocalSubjectAccessReview');
    }),
    review(AUTHORIZATION, 'SelfSubjectRulesReview', false, ({ user }, spec) => rulesAnswer(authorizer, user, spec)),
    review(AUTHENTICATION, 'SelfSubjectReview', false, ({ user }) => ({ userInfo: userInfo(user) })),
    review(AUTHENTICATION, 'TokenReview', false, (_, spec) => tokenAnswer(identify(text(spec['token'])))),
  ];
}

function review(apiVersion: string, kind: string, namespaced: boolean, answers: Answers): VirtualResource {
  const type: ResourceType = resourceType(apiVersion, kind, `${kind.toLowerCase()}s`, {
    namespaced,
    subresources: [],
    verbs: ['create'],
  });
  return {
    type,
    verbs: {
      create: async (call) => {
        const form = formOf(call.request.headers, call.url.searchParams);
        const object = await objectOf(call, { type });
        const spec = (object as unknown as Json)['spec'];
        const status = answers(call, isRecord(spec) ? spec : {}, object);
        return answer({ ...object, status }, form, 201);
      },
    },
  };
}

function decided(authorizer: RbacAuthorizer, user: Identity, spec: Json, kind: string): Json {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (isRecord(resource) === isRecord(path))
    throw invalid({ group: 'authorization.k8s.io', kind, plural: '' }, '', [ONE_OF]);
  const wanted = isRecord(resource) ? ofResource(resource) : ofPath(path as Json);
  const { allowed, reason } = authorizer.decide(user, wanted);
  return { allowed, ...(reason !== '' && { reason }) };
}

const ONE_OF: FieldError = {
  type: 'FieldValueInvalid',
  field: 'spec.resourceAttributes',
  value: null,
  detail: 'exactly one of nonResourceAttributes or resourceAttributes must be specified',
};

function ofResource(asked: Json): Attributes {
  return {
    isResource: true,
    verb: text(asked['verb']),
    group: text(asked['group']),
    resource: text(asked['resource']),
    subresource: text(asked['subresource']),
    namespace: text(asked['namespace']),
    name: text(asked['name']),
    path: '',
  };
}

function ofPath(asked: Json): Attributes {
  const none = { group: '', resource: '', subresource: '', namespace: '', name: '' };
  return { ...none, isResource: false, verb: text(asked['verb']), path: text(asked['path']) };
}

function subjectOf(spec: Json, kind: string): Identity {
  const groups = Array.isArray(spec['groups']) ? spec['groups'].map(text) : [];
  const name = text(spec['user']);
  if (name === '' && groups.length === 0)
    throw invalid({ group: 'authorization.k8s.io', kind, plural: '' }, '', [
      {
        type: 'FieldValueInvalid',
        field: 'spec.user',
        value: '',
        detail: 'at least one of user or group must be specified',
      },
    ]);
  return { name, groups };
}

/** As `kubectl auth can-i --list` shows it. @throws ApiError 400 */
function rulesAnswer(authorizer: RbacAuthorizer, user: Identity, spec: Json): Json {
  const namespace = text(spec['namespace']);
  if (namespace === '') throw badRequest('no namespace on request');
  const rules = authorizer.rulesOf(user, namespace);
  return {
    resourceRules: rules.filter(isOfResources).map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames !== undefined && { resourceNames }),
    })),
    nonResourceRules: rules
      .filter((rule) => !isOfResources(rule))
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}

function isOfResources({ resources }: Rule): boolean {
  return resources !== undefined && resources.length > 0;
}

function userInfo({ name, uid, groups, extra }: Identity): Json {
  return { username: name, ...(uid !== undefined && { uid }), groups, ...(extra !== undefined && { extra }) };
}

function tokenAnswer(identity: Identity | undefined): Json {
  if (identity === undefined) return { authenticated: false, error: 'invalid bearer token' };
  return { authenticated: true, user: userInfo(identity) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
