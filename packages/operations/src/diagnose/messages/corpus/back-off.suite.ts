/** Back-off: each text with who writes it since when, and what must be read from it. */
import type { BackOffMessage } from '../back-off.ts';
import type { Row } from './corpus-row.ts';

const pod = { container: 'app', pod: 'web-1', namespace: 'prod', uid: '1b-2c' };
export const rows: readonly Row<BackOffMessage>[] = [
  [
    '1.14–1.36',
    'back-off 5m0s restarting failed container=app pod=web-1_prod(1b-2c)',
    { kind: 'restart', delayMs: 300_000, ...pod },
  ],
  ['1.14–1.36', 'back-off 1m20s restarting failed container=app pod=web-1_prod(1b-2c)', { delayMs: 80_000 }],
  ['1.14–1.36', 'back-off 10s restarting failed container=app pod=web-1_prod(1b-2c)', { delayMs: 10_000 }],
  ['1.25–1.36', 'Back-off restarting failed container app in pod web-1_prod(1b-2c)', { kind: 'restart', ...pod }],
  ['1.14–1.24', 'Back-off restarting failed container', { kind: 'restart' }],
  ['1.14–1.36', 'Back-off pulling image "nginx:nope"', { kind: 'image', image: 'nginx:nope' }],
  ['1.33–1.36', 'Back-off pulling image "nginx:nope": ErrImagePull: rpc error', { kind: 'image', image: 'nginx:nope' }],
  ['all', 'Started container app', undefined],
];
