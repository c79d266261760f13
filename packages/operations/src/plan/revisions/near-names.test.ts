import { describe, expect, it } from 'vitest';
import { nearKey } from './near-names.ts';

describe('nearKey', () => {
  it.each([
    ['DATABASE_HOST', 'database-host'],
    ['DATABASE_HOST', 'databaseHost'],
    ['DATABASE_HOST', 'app.DATABASE_HOST'],
    ['DATABASE_HOST', 'spring.database.host'],
    ['TIMEOUT', 'app.TIMEOUT'],
    ['TIMEOUT', 'DEFAULT_TIMEOUT'],
    ['APP_TIMEOUT', 'timeout'],
    ['RETRIES', 'RETIRES'],
  ])('takes %s for %s', (wrong, key) => {
    expect(nearKey(wrong, [key, 'colour'])?.name).toBe(key);
  });

  it.each([
    ['PORT', 'DB_PORT'],
    ['PORT', 'db.port'],
    ['PORT', 'EXPORT'],
    ['HOST', 'POST'],
    ['HOST', 'REDIS_HOST'],
    ['DB_HOST', 'READ_DB_HOST'],
    ['shard-1', 'shard-2'],
    ['URL', 'app.URI'],
  ])('does not take %s for %s', (wrong, key) => {
    expect(nearKey(wrong, [key])).toBeUndefined();
  });
});
