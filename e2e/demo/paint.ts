const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Paint = Record<keyof typeof CODES, (text: string) => string>;

/** Colours for a terminal, or the same text without them. */
export function paint(enabled: boolean): Paint {
  const names = Object.keys(CODES) as (keyof typeof CODES)[];
  const brush = (name: keyof typeof CODES) => (text: string) =>
    enabled ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text;
  return Object.fromEntries(names.map((name) => [name, brush(name)])) as Paint;
}
