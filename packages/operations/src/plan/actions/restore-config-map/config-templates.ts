/** Least configurations by which well-known programs start, for want of the one that is gone. What a person has to fill in is marked. */

/** A program that reads its configuration from a file. */
export interface ConfigTemplate {
  /** For people. */
  readonly program: string;
  /** The last part of the image's repository. */
  readonly image: RegExp;
  /** The file that the image's own command reads. */
  readonly file: string;
  /** Names under which this content is meant. */
  readonly keys: RegExp;
  readonly content: string;
  /** What is to be filled in, in a sentence. */
  readonly open: string;
}

/** Source: https://prometheus.io/docs/alerting/latest/configuration/ */
const ALERTMANAGER = `# Least configuration: every alert goes to a receiver that sends nothing.
# TO FILL IN: integrations (email_configs, slack_configs, webhook_configs, …) of the receivers "default" and "critical".
global:
  resolve_timeout: 5m
route:
  receiver: default
  group_by: [alertname, cluster, namespace]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
  routes:
    - receiver: "null"
      matchers: ['alertname=~"Watchdog|InfoInhibitor"']
    - receiver: critical
      matchers: ['severity="critical"']
receivers:
  - name: default
  - name: critical
  - name: "null"
inhibit_rules:
  # Labels that both alerts lack count as equal, so those that tell apart what alerts are about belong here.
  - source_matchers: ['severity="critical"']
    target_matchers: ['severity=~"warning|info"']
    equal: [alertname, cluster, namespace, instance]
`;

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const PROMETHEUS = `# Least configuration: Prometheus watches itself.
# TO FILL IN: scrape_configs of what is to be watched, rule_files, alerting.
global:
  scrape_interval: 30s
  evaluation_interval: 30s
scrape_configs:
  - job_name: prometheus
    static_configs:
      - targets: ['localhost:9090']
`;

/** Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources */
const GRAFANA_DATASOURCES = `# TO FILL IN: datasources (name, type, url, access).
apiVersion: 1
datasources: []
`;

/** Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards */
const GRAFANA_DASHBOARDS = `# TO FILL IN: further providers, and dashboards in the folder.
apiVersion: 1
providers:
  - name: default
    type: file
    options:
      path: /var/lib/grafana/dashboards
`;

/** Source: https://nginx.org/en/docs/beginners_guide.html */
const NGINX_SERVER = `# TO FILL IN: locations, and upstreams that they lead to.
server {
  listen 80;
  location / {
    root /usr/share/nginx/html;
    index index.html;
  }
}
`;

const NGINX = `# TO FILL IN: servers, and upstreams that they lead to.
events {}
http {
  include /etc/nginx/mime.types;
  server {
    listen 80;
    location / {
      root /usr/share/nginx/html;
      index index.html;
    }
  }
}
`;

/** Source: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit */
const FLUENT_BIT = `# TO FILL IN: outputs; what is read goes to standard output alone.
[SERVICE]
    Flush        5
    Log_Level    info
[INPUT]
    Name         tail
    Path         /var/log/containers/*.log
    Tag          kube.*
    Mem_Buf_Limit 5MB
[OUTPUT]
    Name         stdout
    Match        *
`;

/** Source: https://opentelemetry.io/docs/collector/configuration/ */
const COLLECTOR = `# TO FILL IN: exporters; what is received is written to the log alone.
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 0.0.0.0:4317
      http:
        endpoint: 0.0.0.0:4318
processors:
  batch: {}
exporters:
  debug: {}
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [debug]
    metrics:
      receivers: [otlp]
      processors: [batch]
      exporters: [debug]
    logs:
      receivers: [otlp]
      processors: [batch]
      exporters: [debug]
`;

/** The first that matches image and key counts. */
export const CONFIG_TEMPLATES: readonly ConfigTemplate[] = [
  {
    program: 'Alertmanager',
    image: /^alertmanager$/,
    file: '/etc/alertmanager/alertmanager.yml',
    keys: /^(alertmanager|config)\.ya?ml$/,
    content: ALERTMANAGER,
    open: 'It sends no alert to anybody until its receivers are filled in.',
  },
  {
    program: 'Prometheus',
    image: /^prometheus$/,
    file: '/etc/prometheus/prometheus.yml',
    keys: /^(prometheus|config)\.ya?ml$/,
    content: PROMETHEUS,
    open: 'It watches nothing but itself until its scrape_configs are filled in.',
  },
  {
    program: 'Grafana',
    image: /^grafana(-oss|-enterprise)?$/,
    file: '/etc/grafana/provisioning/datasources/datasources.yaml',
    keys: /^(data-?sources?|prometheus)\.ya?ml$/,
    content: GRAFANA_DATASOURCES,
    open: 'It has no data source until one is filled in.',
  },
  {
    program: 'Grafana',
    image: /^grafana(-oss|-enterprise)?$/,
    file: '/etc/grafana/provisioning/dashboards/dashboards.yaml',
    keys: /^(dashboards?|dashboard-?providers?|providers?)\.ya?ml$/,
    content: GRAFANA_DASHBOARDS,
    open: 'It has no dashboards until some are put there.',
  },
  {
    program: 'nginx',
    image: /^nginx(-unprivileged)?$/,
    file: '/etc/nginx/nginx.conf',
    keys: /^nginx\.conf$/,
    content: NGINX,
    open: 'It serves the files of its image alone until its servers are filled in.',
  },
  {
    program: 'nginx',
    image: /^nginx(-unprivileged)?$/,
    file: '/etc/nginx/conf.d/default.conf',
    keys: /^[\w.-]+\.conf$/,
    content: NGINX_SERVER,
    open: 'It serves the files of its image alone until its locations are filled in.',
  },
  {
    program: 'Fluent Bit',
    image: /^fluent-bit$/,
    file: '/fluent-bit/etc/fluent-bit.conf',
    keys: /^fluent-bit\.conf$/,
    content: FLUENT_BIT,
    open: 'It sends nothing anywhere until an output is filled in.',
  },
  {
    program: 'the OpenTelemetry collector',
    image: /^opentelemetry-collector(-contrib|-k8s)?$/,
    file: '/etc/otelcol/config.yaml',
    keys: /^(config|relay|collector|otel-collector-config)\.ya?ml$/,
    content: COLLECTOR,
    open: 'It exports nothing until an exporter is filled in.',
  },
];
