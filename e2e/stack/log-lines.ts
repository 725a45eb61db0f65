import { readFileSync } from 'node:fs';

export type LogLine = Record<string, unknown>;

const PATIENCE_MS = 60_000;
const PAUSE_MS = 10;

/**
 * What an app logged about one request, by the id that stands in its answer. An app writes its lines when its turn of the
 * event loop is over, so this waits, without turns of its own, for the line that every answered request ends with.
 */
export function logLinesOf(logFile: string, requestId: string): LogLine[] {
  if (requestId === '') return [];
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const lines = linesIn(logFile).filter((line) => line['request_id'] === requestId);
    if (lines.some(({ duration_ms: duration }) => duration !== undefined) || performance.now() > deadline) return lines;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

/** What an app itself takes for a failure. */
export function failuresIn(logFile: string): LogLine[] {
  return linesIn(logFile).filter(({ level }) => level === 'error' || level === 'fatal');
}

// What follows the last line end is a line that an app is still writing. An app that crashes prints other lines, too.
function linesIn(logFile: string): LogLine[] {
  const lines = readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
}

/** The stable name of the check that refused a request, wherever in the line an app puts it; undefined when none did. */
export function refusingCheck(lines: readonly LogLine[]): string | undefined {
  return lines.map((line) => checkIn(line) ?? checkIn(line['err'])).find((check) => check !== undefined);
}

function checkIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { check, cause } = value as { check?: unknown; cause?: unknown };
  return typeof check === 'string' ? check : checkIn(cause);
}
