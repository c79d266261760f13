import { describe, expect, it } from 'vitest';
import { redactText } from './redact.ts';
import { isSensitive, MASK } from './secret-patterns.ts';

function redacted(text: string): readonly [string, number] {
  let masked = 0;
  return [redactText(text, (count) => (masked += count)), masked];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** What must not be readable afterwards. */
const SECRET = 'Zx9-hunter2';
const KEY_BODY = 'MIIEvQIBADANBgkq';

describe('secrets in files', () => {
  it.each([
    ['properties', `db.user=app\ndb.password=${SECRET}\n`],
    ['properties with spaces and a comma', `spring.datasource.password = ${SECRET},part\nx = y`],
    ['.env', `export SMTP_PASS=${SECRET}\nLOG=debug`],
    ['.env in quotes, with a space', `DB_PASSWORD="two ${SECRET}"\nA=b`],
    ['.env, short word', `MYSQL_PWD=${SECRET}`],
    ['YAML', `db:\n  password: ${SECRET}\n`],
    ['YAML with a comment', `db:\n  password: ${SECRET} # rotate me\n`],
    ['YAML in double quotes, two words', `db:\n  password: "two ${SECRET}"\n`],
    ['YAML in single quotes, two words', `db:\n  password: 'two ${SECRET}'\n`],
    ['YAML block', `apiToken: |\n  ${SECRET}\nnext: 1`],
    ['YAML with CRLF', `a: 1\r\npassword: ${SECRET}\r\nb: 2\r\n`],
    ['YAML list of env', `env:\n  - name: DB_PASSWORD\n    value: ${SECRET}\n`],
    ['YAML list of env in quotes', `- name: "DB_PASSWORD"\n  value: "two ${SECRET}"\n`],
    ['JSON', JSON.stringify({ user: 'a', password: `two ${SECRET}` })],
    ['JSON, indented', JSON.stringify({ clientSecret: SECRET }, null, 2)],
    ['JSON with an escaped quote', JSON.stringify({ password: `a"${SECRET}` })],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ password: SECRET }) })],
    ['JSON env pair', JSON.stringify({ env: [{ name: 'DB_PASSWORD', value: SECRET }] })],
    ['.netrc on lines', `machine git.example.org\n  login me\n  password ${SECRET}\n`],
    ['.netrc on one line', `machine git.example.org login me password ${SECRET}`],
    ['.npmrc token', `//registry.example.org/:_authToken=${SECRET}`],
    ['.npmrc basic', `_auth=${base64(`me:${SECRET}`)}`],
    ['docker config', JSON.stringify({ auths: { 'r.example.org': { auth: base64(`me:${SECRET}`) } } })],
    [
      'kubeconfig key',
      `users:\n- user:\n    client-key-data: ${base64(`-----BEGIN RSA PRIVATE KEY-----\n${KEY_BODY}`)}\n`,
    ],
    ['kubeconfig token', `users:\n- user:\n    token: ${SECRET}\n`],
    ['PEM in base64 under any name', `blob: ${base64(`-----BEGIN PRIVATE KEY-----\n${KEY_BODY}`)}`],
    ['EC key in base64', `blob: ${base64(`-----BEGIN EC PRIVATE KEY-----\n${KEY_BODY}`)}`],
    ['OpenSSH key in base64', `blob: ${base64(`-----BEGIN OPENSSH PRIVATE KEY-----\n${KEY_BODY}`)}`],
    ['encrypted key in base64', `blob: ${base64(`-----BEGIN ENCRYPTED PRIVATE KEY-----\n${KEY_BODY}`)}`],
    ['PGP', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${KEY_BODY}\n-----END PGP PRIVATE KEY BLOCK-----`],
    [
      'service account of Google',
      JSON.stringify({
        type: 'service_account',
        private_key: `-----BEGIN PRIVATE KEY-----\n${KEY_BODY}\n-----END PRIVATE KEY-----\n`,
      }),
    ],
    ['AWS credentials', `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${SECRET}/x+y\n`],
    ['YAML in one line', `basic_auth: {username: a, password: ${SECRET}}`],
    ['YAML in one line, no digit', 'auth: { password: hunter2, user: a }'],
    ['XML', `<server><username>a</username><password>two ${SECRET}</password></server>`],
    ['Hadoop', `<property>\n  <name>fs.s3a.secret.key.password</name>\n  <value>${SECRET}</value>\n</property>`],
    ['Redis', `port 6379\nrequirepass ${SECRET}\nmasterauth ${SECRET}\n`],
    ['Fluent Bit', `[OUTPUT]\n    HTTP_User a\n    HTTP_Passwd ${SECRET}\n`],
    ['Grafana', `[security]\nadmin_password = ${SECRET}\n`],
    ['Java options', `-Djavax.net.ssl.keyStorePassword=${SECRET} -Xmx1g`],
    ['htpasswd', 'admin:$apr1$hunter2x$hunter2hunter2hunter2.\nroot:$2y$10$hunter2hunter2hunter2hunter2hunter2\n'],
    ['shadow', 'root:$6$hunter2$hunter2hunter2hunter2hunter2:19000:0:99999:7:::'],
    ['LDAP', `uri ldap://x\nbindpw: ${SECRET}\n`],
    ['AWS on the command line', `aws configure set aws_secret_access_key wJalrhunter2/K7MDENG/bPxRfiCYEXAMPLE00`],
    ['Spring in one variable', JSON.stringify({ spring: { datasource: { password: SECRET } } })],
    ['Service Bus', `Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=${SECRET}=`],
    ['libpq', `host=db user=a password=${SECRET} dbname=x`],
    ['Django', `SECRET_KEY = '${SECRET}'`],
    ['Rails', `secret_key_base: ${SECRET}`],
  ])('%s', (_, text) => {
    const [clean, count] = redacted(text);
    expect(clean).not.toMatch(/hunter2|MIIEvQ|aHVudGVyMg|AKIAIO/);
    for (const encoded of [base64(`me:${SECRET}`), base64(KEY_BODY).slice(0, 12)]) expect(clean).not.toContain(encoded);
    expect(count).toBeGreaterThan(0);
    expect(redacted(clean)).toEqual([clean, 0]);
  });
});

describe('secrets in connection strings and command lines', () => {
  it.each([
    [`postgres://app:${SECRET}@db:5432/x`, 'postgres://app:[redacted]@db:5432/x'],
    ['postgres://app:p@ss@word@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    [`mongodb+srv://u:${SECRET}@c.example.org`, 'mongodb+srv://u:[redacted]@c.example.org'],
    [`jdbc:oracle:thin:scott/${SECRET}@//db:1521/x`, 'jdbc:oracle:thin:scott/[redacted]@//db:1521/x'],
    [`jdbc:mysql://db/x?user=a&password=${SECRET}&ssl=true`, 'jdbc:mysql://db/x?user=a&password=[redacted]&ssl=true'],
    [`Server=db;Uid=a;Pwd=${SECRET};Encrypt=true`, 'Server=db;Uid=a;Pwd=[redacted];Encrypt=true'],
    ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9vYmFyYmF6cXV4==;X=1', 'AccountKey=[redacted]'],
    ['https://a.blob.core.windows.net/c?sv=2020&sig=Zm9vYmFyYmF6cXV4MTIz%3D&se=1', 'sig=[redacted]&se=1'],
    [`root:${SECRET}@tcp(db:3306)/app`, 'root:[redacted]@tcp(db:3306)/app'],
    [`pagerduty:\n- routing_key: ${'0a'.repeat(16)}`, 'routing_key: [redacted]'],
    [`curl -u admin:${SECRET} https://x`, 'curl -u admin:[redacted] https://x'],
    [`redis-cli -h cache -a ${SECRET} ping`, 'redis-cli -h cache -a [redacted] ping'],
    [`mysql -uroot -p${SECRET} -e 'select 1'`, "mysql -uroot -p[redacted] -e 'select 1'"],
    [`sshpass -p ${SECRET} ssh host`, 'sshpass -p [redacted] ssh host'],
    [`kubeadm join --token abcdef.0123456789abcdef 10.0.0.1`, '--token [redacted] 10.0.0.1'],
    [`export PASSWORD=${SECRET}; exec app`, 'exec app'],
    ['Cookie: session=0123456789abcdef', 'Cookie: [redacted]'],
    [`X-Api-Key: abcdef0123456789`, 'X-Api-Key: [redacted]'],
  ])('%s', (text, expected) => {
    const [clean, count] = redacted(text);
    expect(clean).toContain(expected);
    expect(clean).not.toContain(SECRET);
    expect(count).toBe(1);
  });
});

describe('secrets of any length', () => {
  const long = 'hunter2 x'.repeat(2_000);
  it.each([
    `"password": "${long}"`,
    `password='${long}'`,
    `DB_PASSWORD=${long.replaceAll(' ', '-')}`,
    `<password>${long}</password>`,
    `{\\"password\\":\\"${long}\\"}`,
  ])('%.20s', (text) => {
    const [clean, count] = redacted(text);
    expect(clean).not.toContain('hunter2');
    expect(count).toBe(1);
  });

  it('does not exhaust the stack of the expression', () => {
    const [clean] = redacted(`password="${'a\\\\b'.repeat(2_000_000)}"`);
    expect(clean).toBe('password="[redacted]"');
  });
});

describe('tokens with a known form', () => {
  // Put together here, so that no scanner takes this file for a leak.
  const body = 'a1B2c3D4e5'.repeat(5);
  it.each([
    `ghp_${body.slice(0, 36)}`,
    `github_pat_${body}`,
    `glpat-${body.slice(0, 20)}`,
    `xoxb-${'1234567890'}-${body.slice(0, 24)}`,
    `xapp-1-${body.slice(0, 24)}`,
    `sk_live_${body.slice(0, 24)}`,
    `rk_test_${body.slice(0, 24)}`,
    `whsec_${body.slice(0, 32)}`,
    `SG.${body.slice(0, 22)}.${body.slice(0, 43)}`,
    `sk-ant-${body}`,
    `hf_${body.slice(0, 34)}`,
    `dop_v1_${'0a'.repeat(32)}`,
    `dapi${'0a'.repeat(16)}`,
    `dckr_pat_${body.slice(0, 27)}`,
    `hvs.${body.slice(0, 24)}`,
    `npm_${body.slice(0, 36)}`,
    `AIza${body.slice(0, 35)}`,
    `ASIA${'A1B2'.repeat(4)}`,
    `GOCSPX-${body.slice(0, 28)}`,
    `key-${'0a'.repeat(16)}`,
    `123456789:AA${body.slice(0, 33)}`,
  ])('%s', (token) => expect(redacted(`found ${token} in log`)).toEqual([`found ${MASK} in log`, 1]));
});

describe('what is no secret', () => {
  it.each([
    'TOKEN_TTL=3600\nPASSWORD_FILE=/run/secrets/pw\nSECRET_NAME=db',
    'password: ${DB_PASSWORD}\ntoken: $(TOKEN)\nsecret: {{ .Values.secret }}',
    'image: registry.example.org/app@sha256:3f1b0c7d9e5a4b2c8d6f7a1e0b9c8d7f6e5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c',
    'uid: 5f3c1a2b-0d4e-4c6f-8a7b-9c0d1e2f3a4b',
    'bypass=enabled compass=north',
    'PWD=/app\nOLDPWD=/',
    'docker run -u 1000:1000 app',
    'chown --user 1000:1000 /data',
    'secretName: web-tls\nsecretKeyRef:\n  name: db\n  key: password\n',
    'certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    'if password == null then token = nil',
    'keyFile: /etc/tls/tls.key\nmax_tokens: 4096',
    'no route to host: https://api.example.org:6443/version?timeout=32s',
    'Successfully assigned shop/web to gke-task-pool-1a2b3c4d-xyz1',
    'cpu request is 100m; limit is 1',
    'could not get secret: db-credentials-2',
    '.:53 {\n  errors\n  kubernetes cluster.local in-addr.arpa { pods insecure }\n  forward . /etc/resolv.conf\n}',
    'bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token\npassword_file: /etc/pw\n',
    'clientConnection:\n  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf\ntokenFile: /var/run/token\n',
    'password_encryption = scram-sha-256\nhost all all 0.0.0.0/0 password\n',
    'requirepass ${REDIS_PASSWORD}\nmaxmemory-policy allkeys-lru\n',
    '<name>hadoop.security.authentication</name>\n<value>kerberos</value>',
    'Password expired',
    'routing_key: orders.created',
    'echo $1 $2y and $PATH',
    'cost: $5$ per unit',
    'image: app:AA-release',
    'Error: secret "db-password" not found',
    "couldn't find key DB_PASSWORD in Secret shop/db-2",
    'references non-existent secret key: password1',
    'Unable to retrieve some image pull secrets (regcred1); attempting to pull the image may not succeed.',
    'failed to sync secret cache: timed out waiting for the condition',
    'serviceaccount token volume projection: api-access-1a2b3',
  ])('%s', (text) => expect(redacted(text)).toEqual([text, 0]));
});

describe('isSensitive', () => {
  it.each([
    'DB_PASS',
    'SMTP_PASS',
    'smtpPass',
    'MYSQL_PWD',
    'PGPASSWORD',
    'ADMIN_PASSWORD',
    'PASSWORD_ADMIN',
    'SECRET_MESSAGE',
    'SECRET_KEY_BASE',
    'ENCRYPTION_KEY',
    'RAILS_MASTER_KEY',
    'AIRFLOW__CORE__FERNET_KEY',
    'JWT_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'AZURE_STORAGE_KEY',
    'slackToken',
    'githubToken',
    'session-token',
    'RABBITMQ_ERLANG_COOKIE',
    'WORDPRESS_AUTH_SALT',
    'MONGO_CREDS',
    'Authorization',
    'X-Auth-Token',
    'X-API-Key',
    'clientSecret',
    'secretKey',
  ])('%s', (name) => expect(isSensitive(name, 'Zx9hunter')).toBe(true));

  it.each([
    'TOKEN_TTL',
    'tokenTtl',
    'PASSWORD_FILE',
    'passwordFile',
    'passwordKey',
    'secretName',
    'existingSecret',
    'secretProviderClass',
    'imagePullSecret',
    'PASSWORD_MIN',
    'TOKEN_MAX_AGE',
    'passwordFromEnv',
    'TOKENIZERS_PARALLELISM',
    'MAX_TOKENS',
    'BYPASS',
    'COMPASS',
    'PASSENGER_APP_ENV',
    'KEYSTORE_TYPE',
    'API_KEYS_ENABLED',
    'PUBLIC_KEY',
    'CACHE_KEY',
    'PARTITION_KEY',
    'AUTHOR',
    'DESALT',
  ])('not %s', (name) => expect(isSensitive(name, 'Zx9hunter')).toBe(false));
});
