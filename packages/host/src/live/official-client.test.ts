import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, start } from './loopback-cluster.suite.ts';

afterEach(closeServers);

/** Runs the command line in a process of its own; whether the official client was loaded. */
async function loadsClient(...args: readonly string[]): Promise<boolean> {
  const script = `
    import { registerHooks } from 'node:module';
    let loaded = false;
    registerHooks({
      load: (url, context, next) => {
        loaded ||= url.includes('/@kubernetes/client-node/');
        return next(url, context);
      },
    });
    const { main } = await import(${JSON.stringify(new URL('../cli/main.ts', import.meta.url).href)});
    await main(process.argv.slice(1), 'aia');
    process.stderr.write(loaded ? 'client loaded' : 'client not loaded');`;
  const node = ['--conditions=source', '--no-warnings', '--input-type=module', '-e', script, '--', ...args];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, node);
  expect(stdout).not.toBe('');
  return stderr.endsWith('client loaded');
}

describe('the official client', () => {
  it('reads live clusters, and costs nothing where none is asked for', async () => {
    const { kubeconfig } = await start();
    expect(await loadsClient('assess', '--kubeconfig', kubeconfig, '--quiet')).toBe(true);
    expect(await loadsClient('assess', '--example', 'healthy', '--quiet')).toBe(false);
  });
});
