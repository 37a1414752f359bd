// What a browser remembers for its reader.

// Browsers may refuse storage; then nothing is remembered and all else works.
export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {}
}

export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
