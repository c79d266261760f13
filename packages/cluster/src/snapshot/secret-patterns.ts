/**
 * What secrets look like: names that tell of one, and texts that are one wherever they stand.
 * Sources: the token formats that the vendors document, RFC 7519 (JWT), RFC 7468 (PEM), RFC 3986 section 3.2.1 (userinfo).
 */

/** What replaces a secret. Fixed, so that equal inputs give equal bytes and nothing can be guessed from it. */
export const MASK = '[redacted]';

/** Names that tell of a secret by themselves: `DB_PASSWORD`, `SMTP_PASS`, `githubToken`, `SECRET_KEY_BASE`. */
const SENSITIVE_NAME =
  /pass(?:word|wd|phrase)|passwort|secret|(?:^|[_.-])(?:token|pwd|pw|pass|bearer|credentials?|salt)(?:$|[_.-])|[_.-](?:creds|psk)$|(?:^|[_.-])(?:proxy-)?authorization$|^(?:set-)?cookie$|(?:api|app|access|account|private|auth|encryption|encrypt|signing|master|fernet|hmac|shared|cipher|session|license|storage|jwt|ssh|aes)[_-]?key(?!s)|(?:auth|access|refresh|bearer|api|identity|id|session|bot)[_-]?token(?!s|iz)|connection[_-]?string|erlang[_-]?cookie|dsn$/i;
/** The same words as humps of a name: `slackToken`, `smtpPass`. */
const SENSITIVE_HUMP = /[a-z0-9](?:Token|Pwd|Pass|Credentials?)(?:$|[A-Z_.-])/;
/** Names such as `PASSWORD_FILE` or `TOKEN_EXPIRY` speak about a secret without holding one. */
const ABOUT_A_SECRET =
  /(?:file|path|name|expiry|expires?|expiration|timeout|interval|seconds|minutes|hours|enabled|disabled|length|limit|rotation|policy|version|mount|header|prefix|issuer|audience|algorithm|format|provider|backend|namespace|required|lifetime|duration|checksum|class|(?:existing|pull|tls)[_-]?secrets?)$|[_.-](?:dir|ref|ttl|days|age|size|count|min|max|url|uri|host|port|type|kind|alg|method|mode|store|env|field|annotations?|labels?)$/i;
const ABOUT_HUMP =
  /[a-z0-9](?:Dir|Ref|Ttl|TTL|Days|Age|Size|Count|Min|Max|Url|URL|Uri|Host|Port|Type|Kind|Alg|Method|Mode|Store|Env|Field|Key)$/;
/** Flags, small numbers, durations, paths and references; `[redacted]` so that redaction happens once. */
const HARMLESS_VALUE =
  /^(?:|true|false|yes|no|on|off|none|null|nil|\d{1,3}|\d{1,6}(?:\.\d{1,3})?(?:ms|s|m|h|d)|\/[\w./-]*|\$\([A-Za-z_][\w.-]*\)|\$\{[^}]*\}|\[redacted\])$/i;

/** Whether a named value is likely a secret: a telling name and a value that is more than a flag, number or path. */
export function isSensitive(name: string, value: string): boolean {
  if (!SENSITIVE_NAME.test(name) && !SENSITIVE_HUMP.test(name)) return false;
  return !ABOUT_A_SECRET.test(name) && !isAboutByHump(name) && !HARMLESS_VALUE.test(value);
}

/** `passwordKey` names a key, `secretKey` is one. */
function isAboutByHump(name: string): boolean {
  return ABOUT_HUMP.test(name) && !/(?:secret|access|private|api|account|auth|signing|encryption)[A-Z]?ey$/i.test(name);
}

/** Words that end a name whose value is a secret. `pass` and `pwd` need a boundary: `bypass=yes` is none. */
const WORD = String.raw`(?:pass(?:word|wd|phrase)|bindpw|secret|token|secret[_-]?key(?:[_-]?base)?|(?:api|access|private|account|encryption|signing|master)[_-]?key)`;
const SHORT_WORD = String.raw`(?:${WORD}|(?<![A-Za-z])(?:pwd|pass)(?![ \t]{0,8}[:=][ \t]{0,8}["']?\/))`;
/** In prose a `secret: …` names a Secret; a token or a password does not stand for its name. */
const PROSE_WORD = WORD.replace('|secret|', '|(?:client|app|webhook|shared)[ _-]?secret|');
/** Placeholders, flags, references and what is masked already. */
const HARMLESS = String.raw`(?!\[redacted\]|[$<*=]|\{\{|(?:true|false|null|none|nil|undefined)\b)`;
/** Start of a line that assigns: indentation, list dashes, `export`. */
const LINE = String.raw`^[ \t-]{0,80}(?:export[ \t]{1,8})?["']?[\w.-]{0,64}`;
const DOUBLE_QUOTED = String.raw`(?:[^"\n\\]|\\.)[^"\n\\]*(?:\\.[^"\n\\]*)*`;
const SINGLE_QUOTED = String.raw`[^'\n]+`;

/** A pattern that keeps what stands before the value. */
function after(before: string, value: string, flags = 'gim'): RegExp {
  return new RegExp(`(${before})${HARMLESS}${value}`, flags);
}

/**
 * Texts that are secrets wherever they stand. The first group, where there is one, is kept. Every pattern either starts at a
 * place it can start from only once per run of characters or is bounded, so that no text costs time squared.
 */
export const SECRET_TEXTS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  // The same in base64, as kubeconfigs and manifests of Secrets hold it.
  /LS0tLS1CRUdJTi(?:BQUklWQVRFIEtFWS|BSU0EgUFJJVkFURSBLRVkt|BFQyBQUklWQVRFIEtFWS|BPUEVOU1NIIFBSSVZBVEUgS0VZ|BFTkNSWVBURUQgUFJJVkFURSBLRVkt)[A-Za-z0-9+/=]*/g,
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bgl(?:pat|rt|dt|cbt|ptt|soat)-[\w-]{20,}|\bxox[abeprs]-[\w-]{10,}|\bxapp-[\w-]{10,}/g,
  /\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bhv[sbr]\.[\w-]{20,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{50,}|\bdckr_[op]at_[\w-]{20,}/g,
  /(?<![\w-])sk-(?:(?:proj|ant|svcacct|admin)-[\w-]{20,}|[A-Za-z0-9]{32,})|\bhf_[A-Za-z0-9]{30,}|\bdop_v1_[a-f0-9]{40,}|\bdapi[a-f0-9]{32}\b/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[\w+/=]{16,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bshp(?:at|ss|ca|pa)_[a-fA-F0-9]{32}|\bgls?a?_[A-Za-z0-9]{30,}|\bNRAK-[A-Z0-9]{20,}|\bAGE-SECRET-KEY-1[A-Z0-9]{40,}/g,
  /\bGOCSPX-[\w-]{20,}|\bkey-[a-f0-9]{32}\b|(?<![\w:])\d{8,10}:AA[\w-]{33}(?![\w-])|\bsntry[su]_[\w+/=]{20,}|\blin_api_[A-Za-z0-9]{20,}/g,
  // Hashes of passwords, as `htpasswd` and `/etc/shadow` hold them.
  /\$(?:2[aby]|apr1|argon2id?|[156y])\$[^\s"',:]{12,}/g,
  /(\baws_secret_access_key["']?[ \t:=]{1,8}["']?)[A-Za-z0-9/+=]{30,}/gi,
  // Keys of PagerDuty in Alertmanager's configuration.
  /(\b(?:routing|service)_key["']?[ \t]{0,8}:[ \t]{0,8}["']?)[a-f0-9]{32}\b/gi,
  /(\bhooks\.slack\.com\/(?:services|workflows)\/)\w[\w/]{8,}/g,
  /(\bdiscord(?:app)?\.com\/api\/webhooks\/\d{1,24}\/)[\w-]{20,}/g,
  // Credentials in URLs, also where the password holds an `@`.
  /((?:[a-z][a-z0-9+.-]{1,20}):\/\/[^\s:@/?#"']{0,128}:)(?!\[redacted\]@)[^\s/?#"']{1,512}(?=@)/gi,
  /(\bjdbc:oracle:thin:[^\s/@:]{1,128}\/)(?!\[redacted\]@)[^\s@/]{1,128}(?=@)/gi,
  // `root:hunter2@tcp(db:3306)/app`, Go's form for MySQL.
  /((?<![\w.-])[\w.-]{1,64}:)(?!\[redacted\]@)[^\s@/:"']{1,128}(?=@(?:tcp|unix)\()/g,
  // Signatures of shared URLs (Azure, AWS, Google).
  /([?&](?:sig|X-Amz-Signature|X-Goog-Signature)=)[A-Za-z0-9%+/=_-]{16,}/g,
  // `Basic dXNlcjpwYXNz`, but not `Basic authentication`.
  /(\b(?:[Bb]earer|[Bb]asic|BEARER|BASIC)\s{1,8})(?=[A-Za-z0-9+/_.=-]{1,512}?[A-Z0-9+/_=])[A-Za-z0-9+/_.=-]{12,}/g,
  /(\b(?:set-)?cookie:[ \t]{1,4})(?!\[redacted\])[^\r\n"']{8,}/gi,
  // Container registries, npm, kubeconfig.
  /(\\?"auth\\?"\s{0,8}:\s{0,8}\\?")[A-Za-z0-9+/=]{8,}/g,
  /(\b_auth[ \t]{0,8}=[ \t]{0,8}["']?)[A-Za-z0-9+/=]{8,}/g,
  /(\bclient-key-data["']?[ \t]{0,8}:[ \t]{0,8}["']?)[A-Za-z0-9+/=]{16,}/g,
  // An environment variable in a manifest, as JSON and as YAML.
  after(
    String.raw`\\?"name\\?"\s{0,8}:\s{0,8}\\?"[\w.-]{0,64}${SHORT_WORD}\\?"\s{0,8},\s{0,80}\\?"value\\?"\s{0,8}:\s{0,8}\\?"`,
    String.raw`[^"\n\\]+`,
  ),
  after(
    String.raw`\bname:[ \t]{1,8}["']?[\w.-]{0,64}${SHORT_WORD}["']?[ \t]{0,8}\r?\n[ \t]{0,80}value:[ \t]{1,8}["']?`,
    String.raw`[^\s"'][^"'\r\n]*`,
  ),
  // `"token":"…"`, `"password": "two words"`, the same escaped, `password="…"`.
  after(String.raw`${SHORT_WORD}["']\s{0,8}:\s{0,8}"`, DOUBLE_QUOTED),
  after(String.raw`${SHORT_WORD}\\"\s{0,8}:\s{0,8}\\"`, String.raw`[^"\n\\]+`),
  after(String.raw`${SHORT_WORD}["']?\s{0,8}=\s{0,8}"`, DOUBLE_QUOTED),
  after(String.raw`${SHORT_WORD}["']?\s{0,8}[=:]\s{0,8}'`, SINGLE_QUOTED),
  // `password: "two words"`, `DB_PASS=a,b`, `token: …` alone on their lines, as in YAML, properties and `.env` files.
  after(String.raw`${LINE}${SHORT_WORD}["']?[ \t]{0,8}:[ \t]{1,8}"`, DOUBLE_QUOTED),
  after(String.raw`${LINE}${SHORT_WORD}[ \t]{0,8}=[ \t]{0,8}`, String.raw`[^\s"']\S*`),
  after(
    String.raw`${LINE}${SHORT_WORD}["']?[ \t]{0,8}:[ \t]{1,8}["']?`,
    String.raw`[^\s"'|>][^\s"']{3,}(?=["']?[ \t]{0,8}(?:#[^\n]*)?$)`,
  ),
  after(
    String.raw`${LINE}${SHORT_WORD}["']?[ \t]{0,8}:[ \t]{1,8}[|>][+-]?[ \t]{0,8}\r?\n[ \t]{1,80}`,
    String.raw`[^\s"']{4,}(?=[ \t]{0,8}$)`,
  ),
  // `{ user: a, password: b }` of YAML, `<password>…</password>`, Hadoop's `<name>` and `<value>`, `requirepass …` of Redis.
  after(
    String.raw`[{,][ \t]{0,8}[\w.-]{0,64}${SHORT_WORD}:[ \t]{1,8}`,
    String.raw`[^\s"',;{}[\]]{1,512}(?=[ \t]{0,8}[,}])`,
  ),
  after(String.raw`<[\w.:-]{0,64}${SHORT_WORD}>`, String.raw`[^<\s][^<\n]*(?=<\/)`),
  after(String.raw`<name>[^<\n]{0,128}${SHORT_WORD}<\/name>\s{0,80}<value>`, String.raw`[^<\s][^<\n]*(?=<\/)`),
  /(^[ \t]{0,40}(?:requirepass|masterauth|(?:http_)?passwd)[ \t]{1,40})(?!\[redacted\]|[$<"'])\S+(?=[ \t]*$)/gim,
  // `…?password=…`, `;Pwd=…;` within a text.
  after(String.raw`${SHORT_WORD}["']?\s{0,8}=\s{0,8}`, String.raw`[^\s"',;&}\\]{4,}`),
  // `token: …` inside prose, where what follows must look like more than a word: `token: unexpected status` is none.
  after(
    String.raw`${PROSE_WORD}:[ \t]{0,8}`,
    String.raw`(?=[^\s]{0,64}\d)(?![a-z]{2,10}:\/\/)(?=[^\s]{0,64}[A-Za-z])[^\s"',;&}]{6,}`,
  ),
  // `mysql --password hunter2`, `curl -u admin:hunter2`, `redis-cli -a hunter2` in one string; `.netrc`.
  /(--?[a-z-]{0,40}(?:password|passwd|token|api-?key)[ \t]{1,4})(?!-|\[redacted\]|[$<{*])[^\s"',;&}]{4,}/gi,
  /((?:^|\s)(?:-u|--user)[ \t=]{1,4}["']?[^\s:"'@/]{1,64}:)(?!\[redacted\]|\d{1,10}(?:["'\s]|$)|[$<{])[^\s"']{3,}/g,
  /(\bredis-cli\b[^\n|;&]{0,200}?\s-a[ \t]{1,4})(?!\[redacted\]|[$"'-])\S+/g,
  /(\bsshpass[ \t]{1,4}-p[ \t]{0,4})(?!\[redacted\]|[$"'])\S+/g,
  /(\bmysql(?:dump|admin|import)?\b[^\n|;&]{0,200}?\s-p)(?!\[redacted\]|[$"'\s])\S+/g,
  /(\blogin\s{1,8}\S{1,128}\s{1,8}password\s{1,8})(?!\[redacted\])\S+/g,
];

/** Words before a secret, and URLs that carry one. */
const TELLING =
  /pass|pwd["'\\\s=:]|secret|token|cookie:|bearer|basic\s|(?:api|access|private|account|encryption|signing|master)[_-]?key|:\/\/[^\s/]*@|[?&](?:sig|X-Amz-S|X-Goog-S)|@tcp\(|@unix\(|bindpw|(?:routing|service)_key|key-[a-f0-9]{32}/i;
/** Beginnings of tokens, and programs that take a secret. */
const BEGINNING =
  /(?:gh[pousr]|github_pat|gl(?:pat|rt|dt|cbt|ptt|soat)|xox[abeprs]|xapp|npm|pypi|dckr|hf|dop_v1|[sr]k|SG|whsec|shp\w\w|gls?a?|hv[sbr]|NRAK)[_.-]|eyJ|LS0tLS1CRUdJTi|AKIA|ASIA|AIza|ya29|dapi|AGE-S|PRIVATE KEY|_auth\b|"auth\\?"|client-key-data|discord|hooks\.slack|[jJ]dbc:oracle|JDBC:ORACLE|-u\s|--user|redis-cli|mysql|masterauth|GOCSPX|:AA[\w-]{33}|sntry|lin_api|\$(?:2[aby]|apr1|argon2id?|[156y])\$/;

/** One cheap look that nearly every text passes, so that the patterns above run on few. Two expressions are faster than one. */
export function isSuspicious(text: string): boolean {
  return text.length > 4 && (TELLING.test(text) || (text.length > 11 && BEGINNING.test(text)));
}
