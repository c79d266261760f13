import { describe, expect, it } from 'vitest';
import {
  behaving,
  ref,
  rehearsedOn,
  remediesOf,
  rollOut,
  workload,
  workloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { fixCommand } from './fix-command.ts';

const WEB = ref('Deployment', 'web');
const IMAGE = 'registry.example.com/shared:3.1.0';
const WRONG = ['/srv/sevrer'];

type Fields = Readonly<Record<string, unknown>>;

const LACKS = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${WRONG[0]}": stat ${WRONG[0]}: no such file or directory: unknown`;

function withoutProgram(...objects: readonly Fields[]) {
  const scene = workloadScene(...objects);
  behaving(scene, ({ spec }) => spec.command?.[0] === WRONG[0], { startError: LACKS });
  return scene;
}

/** Web is brought to a command that its image lacks, beside whatever else is said. */
function broken({ also = {}, before = {} }: { also?: Fields; before?: Fields }) {
  const scene = withoutProgram(workload('Deployment', 'web', { container: { image: IMAGE, ...before } }));
  rollOut(scene, WEB, { container: { image: IMAGE, command: WRONG, ...also } });
  scene.wait(20);
  return scene;
}

/** Web has had the wrong command from the first; others run its image with these. */
function runBy(...commands: readonly string[]) {
  const scene = withoutProgram(
    workload('Deployment', 'web', { container: { image: IMAGE, command: WRONG } }),
    ...commands.map((command, i) =>
      workload('Deployment', `other-${i}`, { container: { image: IMAGE, command: [command] } }),
    ),
  );
  for (const { metadata } of scene.observe().listIn('Pod', 'shop'))
    if (metadata.name.startsWith('web-')) scene.remove(ref('Pod', metadata.name));
  scene.wait(20);
  return scene;
}

const MORE = { env: [{ name: 'COLOUR', value: 'blue' }] };

describe('fix-command', () => {
  it('takes the command of the revision before and leaves what else was changed', () => {
    const scene = broken({ also: MORE, before: { command: ['/srv/server'], args: ['--fast'] } });
    const [remedy] = remediesOf(scene, fixCommand);
    expect(remedy?.drafts[0]?.changes).toMatchObject([
      { patch: { patch: { spec: { template: { spec: { containers: [{ command: ['/srv/server'] }] } } } } } },
    ]);
    expect(remedy && tried([fixCommand], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it('leaves to a roll-back what that does as well', () => {
    expect(remediesOf(broken({}), fixCommand)).toEqual([]);
  });

  it('takes the command with which everybody else runs the image', () => {
    const scene = runBy('/srv/server');
    expect(remediesOf(scene, fixCommand)[0]?.title).toBe('Run ["/srv/server"] in container web of Deployment shop/web');
    expect(rehearsedOn(scene)).toMatchObject({ remaining: [], held: ['fix-command'] });
  });

  it('refuses where the others disagree', () => {
    expect(remediesOf(runBy('/srv/server', '/srv/worker'), fixCommand)).toEqual([]);
  });
});
