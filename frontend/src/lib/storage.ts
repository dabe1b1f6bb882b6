/** Storage that may be blocked, full or damaged: reading falls back, writing is best effort. Never event data or secrets. */
export const readStored = <T>(key: string, fallback: T): T => {
  try {
    const text = localStorage.getItem(`vedette.${key}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
};

export const writeStored = (key: string, value: unknown): void => {
  try {
    localStorage.setItem(`vedette.${key}`, JSON.stringify(value));
  } catch {
    // A private window without storage keeps the value for this page only.
  }
};
