// What this browser remembers between visits; one that remembers nothing works all the same.

export function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(`yilian.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`yilian.${key}`);
    else localStorage.setItem(`yilian.${key}`, value);
  } catch {
    // As said.
  }
}
