import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('names the executable, and the image of the revision before', () => {
    const facts = {
      cause: 'executable-not-found',
      executable: '/app/server',
      previousImage: 'europe-docker.pkg.dev/acme/shop/api:1.4.2',
      workload: 'apps/Deployment/shop/web',
    };
    expect(about('noexe')).toMatchObject([{ facts }]);
    expect(about('loops')).toMatchObject([{ facts }]);
  });
  it('tells a reserved name apart', () => {
    const [finding] = about('mount');
    expect(finding?.facts['cause']).toBe('name-reserved');
    expect(finding?.facts).not.toHaveProperty('previousImage');
  });
});
