/** How teams name and write things. */
import type { Population } from './population.ts';

/** Habits of a team, in which its workloads are alike. */
export interface Style {
  /** Label key by which Services find pods. */
  readonly labels: string;
  readonly registry: string;
  /** Name of the ConfigMap and the Secret that its workloads read. */
  readonly settings: string;
  readonly credentials: string;
  readonly secretKey: string;
  readonly port: number;
  readonly readyPath: string;
  readonly livePath: string;
  readonly tag: 'version' | 'commit' | 'date';
}

export function drawStyle({ draw, pools }: Population, namespace: string): Style {
  return {
    labels: draw.pick(['app', 'app.kubernetes.io/name', 'k8s-app', 'app']),
    registry: draw.pick(pools.registries),
    settings: draw.pick(['settings', 'app-config', `${namespace}-config`, 'environment', 'common-env']),
    credentials: draw.pick([
      'credentials',
      'app-secrets',
      `${namespace}-secrets`,
      'database-credentials',
      'vault-export',
    ]),
    secretKey: draw.pick(['password', 'DATABASE_PASSWORD', 'token', 'api-key', 'dsn']),
    port: draw.pick([8080, 8080, 3000, 8000, 9090, 5000]),
    readyPath: draw.pick(['/ready', '/readyz', '/health/ready', '/actuator/health/readiness', '/status']),
    livePath: draw.pick(['/healthz', '/livez', '/health/live', '/actuator/health/liveness', '/ping']),
    tag: draw.pick(['version', 'version', 'commit', 'date']),
  };
}
