import { hash } from 'node:crypto';

/** How a file says where a secret comes from: a variable of whoever sends it. */
const placeholder = /^\$\{env:[^}]*\}$/;

export function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && placeholder.test(value);
}

interface Secret {
  readonly connection: string;
  readonly key: string;
}

/** Never with two underscores together. */
function plainName({ connection, key }: Secret): string {
  const words = `${connection}_${key.replaceAll(/([a-z])([A-Z])/g, '$1_$2')}`;
  const plain = words
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_');
  return plain.replace(/^\d/, '_$&').replace(/^_/, 'SECRET_');
}

/** What the command itself is told by: never what a system is told. */
export const ownVariables: readonly string[] = ['ERP_SYNC_KEY', 'ERP_SYNC_URL'];

/**
 * The variable of each of these secrets. Those that would have one name are told apart by a digest of what they are of, each
 * of them: by nothing that another order, or another export, would change, so that no value goes to another system.
 */
export function placeholdersFor(secrets: readonly Secret[]): (secret: Secret) => string {
  const named = Map.groupBy(secrets, plainName);
  return (secret) => {
    const name = plainName(secret);
    const isShared = (named.get(name)?.length ?? 0) > 1 || ownVariables.includes(name);
    const digest = hash('sha256', JSON.stringify([secret.connection, secret.key]), 'hex')
      .slice(0, 12)
      .toUpperCase();
    return `\${env:${isShared ? `${name}__${digest}` : name}}`;
  };
}
