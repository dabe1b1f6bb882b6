import { useEffect, useState } from 'react';

const PAUSE = 400;

/** The value once it has stayed the same for a moment: for what is asked of the server while somebody types. */
export const useDebounced = <T>(value: T): T => {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
};
