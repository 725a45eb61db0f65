import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failuresIn, logLinesOf } from './log-lines.js';

describe('The log of a running app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-lines-'));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read up to its last whole line while the app is writing the next one', () => {
    const logFile = join(folder, 'app.log');
    appendFileSync(
      logFile,
      '{"level":"info","request_id":"r1","duration_ms":3}\n{"level":"error","request_id":"r2","ms',
    );
    expect(logLinesOf(logFile, 'r1')).toEqual([{ level: 'info', request_id: 'r1', duration_ms: 3 }]);
    expect(failuresIn(logFile)).toEqual([]);
    appendFileSync(logFile, 'g":"broken","duration_ms":4}\nNode.js v20\n');
    expect(logLinesOf(logFile, 'r2')).toEqual([{ level: 'error', request_id: 'r2', msg: 'broken', duration_ms: 4 }]);
    expect(failuresIn(logFile)).toHaveLength(1);
  });
});
