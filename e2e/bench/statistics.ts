/** What a row of the table says of many rounds. */
export interface Summary {
  readonly median: number;
  /** a quarter of the rounds was below, a quarter above */
  readonly quartiles: readonly [number, number];
  readonly range: readonly [number, number];
}

/** @param values at least one */
export function summaryOf(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    range: [quantile(sorted, 0), quantile(sorted, 1)],
  };
}

/** @param values at least one, in any order */
export function quantileOf(values: readonly number[], share: number): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    share,
  );
}

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) throw new TypeError('nothing was measured');
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}
