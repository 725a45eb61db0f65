import { readFileSync } from 'node:fs';

const LINES_SHOWN = 15;

/** The end of a log file, indented, for the message of an error. */
export function lastLines(file: string): string {
  const text = readTextOrNothing(file).trimEnd();
  if (text === '') return '  (it printed nothing)';
  const lines = text.split('\n').slice(-LINES_SHOWN);
  return lines.map((line) => `  ${line}`).join('\n');
}

function readTextOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
