const units: readonly [name: string, milliseconds: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** A duration with three digits and the fitting unit: 1234 → "1.23 s", 95_000 → "1.58 min". */
export const duration = (milliseconds: number): string => {
  const [name, size] = units.find(([, unit]) => Math.abs(milliseconds) >= unit) ?? ['ms', 1];
  return `${Number((milliseconds / size).toPrecision(3))} ${name}`;
};
