export const TARGET_IDS = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10'] as const;
export type TargetId = (typeof TARGET_IDS)[number];

export interface Target {
  readonly sense: 'at least' | 'at most';
  readonly bound: number;
}

export function atMost(bound: number): Target {
  return { sense: 'at most', bound };
}

export function atLeast(bound: number): Target {
  return { sense: 'at least', bound };
}

export function isMet(value: number, { sense, bound }: Target): boolean {
  return sense === 'at least' ? value >= bound : value <= bound;
}

export function isTargetId(text: string): text is TargetId {
  return (TARGET_IDS as readonly string[]).includes(text);
}
