import { describe, expect, it } from 'vitest';
import { liveSettings } from './live-options.ts';

describe('the URL of a Prometheus', () => {
  it.each(['ftp://prometheus', 'prometheus:9090', 'https://user:secret@prometheus', ''])('is refused: %s', (url) => {
    expect(() => liveSettings({ prometheus: { url } })).toThrow(TypeError);
  });

  it('never takes a token over plain HTTP to another machine', () => {
    const token = { tokenFile: '/run/token' };
    for (const url of ['http://prometheus.monitoring:9090', 'http://10.0.0.7', 'http://127.0.0.1.example.com'])
      expect(() => liveSettings({ prometheus: { url, ...token } }), url).toThrow(/not sent to .* over plain HTTP/);
    for (const url of ['https://prometheus', 'http://localhost:9090', 'http://127.0.0.1:9090', 'http://[::1]:9090'])
      expect(() => liveSettings({ prometheus: { url, ...token } }), url).not.toThrow();
    expect(() => liveSettings({ prometheus: { url: 'http://prometheus.monitoring:9090' } })).not.toThrow();
  });
});
