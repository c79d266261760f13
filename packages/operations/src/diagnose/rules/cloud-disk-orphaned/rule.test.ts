import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const { snapshot } = failing;
  const withCloud = (cloud: object) =>
    check(
      rule,
      examine({
        observedAt: '2025-09-27T12:00:00Z',
        objects: snapshot.objects,
        cloud: { ...snapshot.cloud, ...cloud },
      }),
    );

  it('says size, type and cost', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'low',
      facts: { sizeGb: 100, diskType: 'pd-balanced', isOwn: true, monthlyCost: 10 },
    });
    expect(finding?.message).toContain('it costs about 10.00 USD a month (list price as of 2026-10)');
  });
  it('is information where nothing says whose it is, and gives no price for types without one', () => {
    const disks = (snapshot.cloud.disks ?? []).map((disk) => ({ ...disk, labels: {}, type: 'hyperdisk-extreme' }));
    const [finding] = withCloud({ disks });
    expect(finding?.severity).toBe('info');
    expect(finding?.message).toMatch(
      /no PersistentVolume names it\. Nothing says whether it belongs to this cluster\.$/,
    );
    expect(withCloud({ cluster: undefined }).map(({ severity }) => severity)).toEqual(['info']);
  });
  it('stays silent where no volume was read, and without a list of disks', () => {
    expect(check(rule, examine({ observedAt: '2025-09-27T12:00:00Z', objects: [], cloud: snapshot.cloud }))).toEqual(
      [],
    );
    expect(withCloud({ disks: undefined })).toEqual([]);
    const missing = examine({
      observedAt: '2025-09-27T12:00:00Z',
      objects: snapshot.objects,
      cloud: snapshot.cloud,
      missing: ['persistent-volumes'],
    });
    expect(check(rule, missing)).toEqual([]);
  });
});
