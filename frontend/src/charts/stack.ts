export type Series = {
  label: string;
  /** The custom property that holds the colour. */
  token: string;
  values: readonly number[];
};

/** Running sums: the line of series n is the sum of series 0 … n. */
export const stack = (series: readonly Series[]): number[][] => {
  const sums: number[][] = [];
  for (const [at, { values }] of series.entries()) {
    sums.push(values.map((value, bucket) => value + (at > 0 ? (sums[at - 1]?.[bucket] ?? 0) : 0)));
  }
  return sums;
};

export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
