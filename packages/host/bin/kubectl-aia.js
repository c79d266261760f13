#!/usr/bin/env node
// kubectl finds plugins by the name kubectl-aia and passes the arguments on.
process.env.AIA_INVOKED_AS = 'kubectl aia';
await import('./aia.js');
