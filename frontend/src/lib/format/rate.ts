import { compact } from './number.ts';

/** A rate always names its unit; slow streams are told per minute so that the figure stays readable. */
export const rate = (perMinute: number): string =>
  perMinute >= 60 ? `${compact(perMinute / 60)}/s` : `${compact(perMinute)}/min`;
