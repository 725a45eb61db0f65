import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startApp, untilReady } from './app-process.js';
import { assertBuilt } from './built-app.js';

describe('an app process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-app-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('that dies while starting is an error with its last log lines, which name every missing variable', async () => {
    const app = startApp({ name: 'resource-api', settings: {}, logFile: join(directory, 'app.log') });
    const ready = untilReady(app, 'http://127.0.0.1:1', AbortSignal.timeout(300_000));
    await expect(ready).rejects.toMatchObject({
      code: 'app_ended',
      message: expect.stringContaining('CERTIFICATE_SOURCE'),
    });
    expect(readFileSync(app.logFile, 'utf8')).toContain('DATABASE_URL');
    expect(await app.exited).toEqual({ code: 1, signal: null });
  });

  it('cannot be had from a checkout that is not built', () => {
    expect(() => assertBuilt(directory)).toThrow(
      expect.objectContaining({ code: 'build_missing', message: expect.stringContaining('npm run build') }),
    );
  });
});
