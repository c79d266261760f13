/**
 * Accepts the names of CustomResourceDefinitions and establishes them, and takes their objects along when they go.
 * Source: `k8s.io/apiextensions-apiserver/pkg/controller/{status,establish,finalizer}`
 */
import { sameJson } from '../../../snapshot/diff.ts';
import type { ApiServer } from '../../api/api-server.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../api/built-in-types.ts';
import { CLEANUP, withCondition } from '../../api/custom-resources/definition-conditions.ts';
import {
  definitionsIn,
  isTrue,
  type CustomResourceDefinition,
  type DefinitionNames,
} from '../../api/custom-resources/definition.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import { unlessGone } from '../claim.ts';
import type { Controller } from '../controller.ts';

/** Until it looks again whether the objects are gone. */
const LOOK_AGAIN_MS = 5000;

export function definitionController({ api, clock }: SimulationContext): Controller {
  return {
    name: 'customresourcedefinition-controller',
    keysOf: (change) =>
      isChangeOf(change, CUSTOM_RESOURCE_DEFINITIONS) && change.kind !== 'DELETED'
        ? [change.object.metadata.name]
        : conflicting(api, change.object),
    reconcile: (name) => {
      const definition = api.store.get(CUSTOM_RESOURCE_DEFINITIONS, '', name) as CustomResourceDefinition | undefined;
      if (definition === undefined) return undefined;
      const at = timestamp(clock.now);
      if (definition.metadata.deletionTimestamp !== undefined) return deleteObjects(api, definition, at);
      establish(api, definition, at);
      return undefined;
    },
  };
}

/** Names that a deleted definition sets free may be wanted by others. */
function conflicting(
  api: ApiServer,
  { kind, metadata }: { kind: string; metadata: { name: string } },
): readonly string[] {
  if (kind !== CUSTOM_RESOURCE_DEFINITIONS.kind) return [];
  return definitionsIn(api.store)
    .filter((one) => one.metadata.name !== metadata.name && !isTrue(one, 'NamesAccepted'))
    .map((one) => one.metadata.name);
}

function establish(api: ApiServer, definition: CustomResourceDefinition, at: string): void {
  const { accepted, conflict } = namesOf(api, definition);
  const names =
    conflict === undefined
      ? { status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { status: 'False', ...conflict };
  const named = withCondition(definition, { type: 'NamesAccepted', ...names }, at);
  const isEstablished = isTrue(definition, 'Established');
  const standing =
    conflict === undefined
      ? { status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
      : { status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
  const told = isEstablished ? named : withCondition(named, { type: 'Established', ...standing }, at);
  write(api, { ...told, status: { ...told.status, acceptedNames: accepted } });
  if (isEstablished || conflict !== undefined) return;
  const established = {
    status: 'True',
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  };
  write(api, withCondition(current(api, definition), { type: 'Established', ...established }, at));
}

interface Names {
  readonly accepted: DefinitionNames;
  readonly conflict: { readonly reason: string; readonly message: string } | undefined;
}

/** Names are accepted one by one, as far as no other definition of the group has them; the last that is not gives the reason. */
function namesOf(api: ApiServer, { metadata, spec, status }: CustomResourceDefinition): Names {
  const others = definitionsIn(api.store)
    .filter((one) => one.spec.group === spec.group && one.metadata.name !== metadata.name)
    .map((one) => one.status?.acceptedNames);
  const resources = new Set(others.flatMap((one) => [one?.plural, one?.singular, ...(one?.shortNames ?? [])]));
  const kinds = new Set(others.flatMap((one) => [one?.kind, one?.listKind]));
  const wanted = [
    ['plural', 'PluralConflict', resources],
    ['singular', 'SingularConflict', resources],
    ['shortNames', 'ShortNamesConflict', resources],
    ['kind', 'KindConflict', kinds],
    ['listKind', 'ListKindConflict', kinds],
  ] as const;
  let accepted: DefinitionNames = status?.acceptedNames ?? { kind: '', plural: '' };
  let conflict: Names['conflict'];
  for (const [field, reason, used] of wanted) {
    const names = [spec.names[field] ?? []].flat();
    const taken = names.filter((name) => used.has(name) && ![accepted[field] ?? []].flat().includes(name));
    if (taken.length > 0) conflict = { reason, message: inUse(taken) };
    else if (spec.names[field] !== undefined) accepted = { ...accepted, [field]: spec.names[field] };
  }
  const { categories } = spec.names;
  return { accepted: categories === undefined ? accepted : { ...accepted, categories }, conflict };
}

function inUse(names: readonly string[]): string {
  const texts = names.map((name) => `${JSON.stringify(name)} is already in use`);
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`;
}

/** The objects first, then the definition. */
function deleteObjects(api: ApiServer, definition: CustomResourceDefinition, at: string): number | undefined {
  if (definition.metadata.finalizers?.includes(CLEANUP) !== true) return undefined;
  const { group, names } = definition.spec;
  const type = api.types.byKind(group, names.kind);
  if (type !== undefined && api.store.count(type) > 0) {
    tell(api, definition, 'True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress', at);
    for (const { metadata } of [...api.store.list(type)])
      unlessGone(() => api.delete(type, metadata.namespace ?? '', metadata.name, { propagationPolicy: 'Background' }));
    if (api.store.count(type) > 0) return LOOK_AGAIN_MS;
  }
  if (isTrue(definition, 'Established'))
    tell(api, definition, 'False', 'InstanceDeletionCompleted', 'removed all instances', at);
  else tell(api, definition, 'False', 'NeverEstablished', 'resource was never established', at);
  unlessGone(() =>
    api.change(CUSTOM_RESOURCE_DEFINITIONS, '', definition.metadata.name, (one) => ({
      ...one,
      metadata: { ...one.metadata, finalizers: (one.metadata.finalizers ?? []).filter((held) => held !== CLEANUP) },
    })),
  );
  return undefined;
}

function tell(
  api: ApiServer,
  definition: CustomResourceDefinition,
  status: string,
  reason: string,
  message: string,
  at: string,
): void {
  write(api, withCondition(current(api, definition), { type: 'Terminating', status, reason, message }, at));
}

function current(api: ApiServer, { metadata }: CustomResourceDefinition): CustomResourceDefinition {
  return api.get(CUSTOM_RESOURCE_DEFINITIONS, '', metadata.name) as CustomResourceDefinition;
}

function write(api: ApiServer, definition: CustomResourceDefinition): void {
  api.changeStatus(CUSTOM_RESOURCE_DEFINITIONS, '', definition.metadata.name, (one) =>
    sameJson((one as CustomResourceDefinition).status, definition.status) ? one : { ...one, status: definition.status },
  );
}
