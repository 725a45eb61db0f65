import { afterEach, describe, expect, it } from 'vitest';
import { isPortFree } from '../../stack/ports/is-port-free.js';
import { LaunchedProcess, TemporaryFolder } from './launched-process.js';

const TIMEOUT_MS = 900_000;

describe('npm run demo', () => {
  const temporary = new TemporaryFolder();
  afterEach(() => temporary.remove());

  it('tells the whole story, ends with code 0 and leaves no process and no file', { timeout: TIMEOUT_MS }, async () => {
    const demo = new LaunchedProcess('demo', [], { TMPDIR: temporary.path });
    const { code, stdout, stderr } = await demo.ended;
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('✓ All as it should be');
    expect(stdout).not.toContain('✗');
    // not a terminal: no colours, no line that is drawn over
    expect(stdout).not.toMatch(/[\u001b\r]/);
    expect(temporary.content).toEqual([]);
    const ports = [...stdout.matchAll(/https:\/\/localhost:(\d+)/g)].map(([, port]) => Number(port));
    for (const port of new Set(ports)) expect(await isPortFree(port), `port ${port}`).toBe(true);
  });
});
