import { readFileSync } from 'node:fs';

export type LogLine = Record<string, unknown>;

/** What an app logged about one request, by the id that stands in its answer. */
export function logLinesOf(logFile: string, requestId: string): LogLine[] {
  return linesIn(logFile).filter((line) => requestId !== '' && line['request_id'] === requestId);
}

/** What an app itself takes for a failure. */
export function failuresIn(logFile: string): LogLine[] {
  return linesIn(logFile).filter(({ level }) => level === 'error' || level === 'fatal');
}

// an app that crashes prints other lines, too
function linesIn(logFile: string): LogLine[] {
  const lines = readFileSync(logFile, 'utf8').split('\n');
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
