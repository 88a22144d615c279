/** The names of the first list put into the order of the second, in the places that they have; others keep theirs. */
export function arranged(now: readonly string[], wanted: readonly string[]): string[] {
  const present = wanted.filter((one) => now.includes(one));
  let next = 0;
  return now.map((one) => {
    if (!present.includes(one)) return one;
    next += 1;
    return present[next - 1] ?? one;
  });
}
