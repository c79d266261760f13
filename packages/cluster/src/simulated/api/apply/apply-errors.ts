/** What server-side apply answers when it refuses. Source: `k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go`. */
import { ApiError, apiError } from '../api-error.ts';
import { pathText } from './field-set.ts';
import type { Manager } from './managers.ts';
import type { FieldConflict } from './ownership.ts';

/** 409 with one cause per field. */
export function applyConflict(conflicts: readonly FieldConflict[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(manager)}`,
    field: pathText(path),
  }));
  return apiError(409, 'Conflict', conflictText(conflicts), { causes });
}

function conflictText(conflicts: readonly FieldConflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${pathText(first.path)}`;
  const byManager = Map.groupBy(conflicts, ({ manager }) => manager);
  const lines = [...byManager].flatMap(([manager, own]) => [
    `conflicts with ${managerText(manager)}:`,
    ...own.map(({ path }) => `- ${pathText(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

/** `"kubectl-client-side-apply" using apps/v1`. Times are no part of what tells managers apart, and so are not shown. */
function managerText({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager) + (subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** Source: `k8s.io/apimachinery/pkg/apis/meta/v1/validation`. */
export function emptyFieldManager(): ApiError {
  return apiError(
    422,
    'Invalid',
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    {
      group: 'meta.k8s.io',
      kind: 'PatchOptions',
      causes: [
        { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
      ],
    },
  );
}

/** What the API server did not foresee, and answers without a reason. */
export function internalError(message: string): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: '',
    code: 500,
  });
}
