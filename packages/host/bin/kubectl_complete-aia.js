#!/usr/bin/env node
// kubectl asks an executable of this name to complete "kubectl aia …" and reads candidates and a directive from it.
process.argv.splice(2, 0, '__complete');
await import('./aia.js');
