import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { standardOutput } from './standard-output.js';

describe('standard output', () => {
  let folder: string;
  let fd: number;
  const written = () => readFileSync(join(folder, 'log'), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'standard-output-'));
    fd = openSync(join(folder, 'log'), 'w');
  });

  afterEach(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it('has the lines of a turn of the event loop when the turn is over, in their order', async () => {
    const output = standardOutput(fd);
    output.write('one\n');
    output.write('two\n');
    expect(written()).toBe('');
    await nextTurn();
    expect(written()).toBe('one\ntwo\n');
    output.write('three\n');
    await nextTurn();
    expect(written()).toBe('one\ntwo\nthree\n');
  });

  it('does not wait for the end of a turn that has very much to say', async () => {
    const output = standardOutput(fd);
    const line = `${'x'.repeat(1_000)}\n`;
    for (let number = 0; number < 100; number += 1) output.write(line);
    expect(written().length).toBeGreaterThan(60_000);
    await nextTurn();
    expect(written()).toHaveLength(100_100);
  });

  it('has the last line when the process exits in the middle of a turn', async () => {
    const before = new Set(process.listeners('exit'));
    const output = standardOutput(fd);
    output.write('last words\n');
    for (const listener of process.listeners('exit')) if (!before.has(listener)) listener.call(process, 0);
    expect(written()).toBe('last words\n');
    await nextTurn();
  });
});
