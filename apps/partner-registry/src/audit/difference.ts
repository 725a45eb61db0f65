import { canonicalJson } from './canonical-json.js';

/** What an event keeps of an object before and after: with both, the members that differ; otherwise the one there is. */
export function differenceOf(
  before: object | undefined,
  after: object | undefined,
): { before: object | undefined; after: object | undefined } {
  if (!before || !after) return { before, after };
  const [then, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((name) =>
    differ(then[name], now[name]),
  );
  return { before: pick(then, names), after: pick(now, names) };
}

function differ(a: unknown, b: unknown): boolean {
  return canonicalJson({ value: a }) !== canonicalJson({ value: b });
}

function pick(from: Record<string, unknown>, names: readonly string[]): object {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}
