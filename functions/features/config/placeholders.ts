/** How a file says where a secret comes from: a variable of whoever sends it. */
const placeholder = /^\$\{env:[^}]*\}$/;

export function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && placeholder.test(value);
}

/** Names of variables for secrets, each another one. */
export function placeholdersFor(): (connection: string, key: string) => string {
  const taken = new Set<string>();
  return (connection, key) => {
    const words = `${connection}_${key.replaceAll(/([a-z])([A-Z])/g, '$1_$2')}`;
    const plain = words
      .normalize('NFD')
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, '_');
    const base = plain.replace(/^[_\d]/, 'SECRET_$&');
    let name = base;
    for (let next = 2; taken.has(name); next += 1) name = `${base}_${next}`;
    taken.add(name);
    return `\${env:${name}}`;
  };
}
