import { useEffect } from 'react';
import { common } from './i18n/en.ts';

/** Names the document: "TypeError — checkout-api — Vedette". */
export const useTitle = (...parts: (string | undefined)[]): void => {
  const title = [...parts.filter(Boolean), common('product')].join(' — ');
  useEffect(() => {
    document.title = title;
  }, [title]);
};
