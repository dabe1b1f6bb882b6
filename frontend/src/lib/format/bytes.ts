const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes in IEC units: 2048 → "2 KiB". */
export const bytes = (value: number): string => {
  const step = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  return `${Number((value / 1024 ** step).toPrecision(3))} ${units[step]}`;
};
