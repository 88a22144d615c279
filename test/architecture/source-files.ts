import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Import {
  /** Path from the project's root for a file of ours, else the package's name. */
  readonly target: string;
  readonly isTypeOnly: boolean;
}

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const importLine =
  /^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\s*from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

/** Every source file below these folders of the project. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
      .filter((file) => !/(^|\/)(node_modules|\.state[^/]*|cdk\.out)\//.test(file))
      .map((file) => {
        const text = readFileSync(path.join(root, file), 'utf8');
        return { path: file, text, imports: importsOf(file, text) };
      }),
  );
}

export function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(importLine)].map(([, type, from, dynamic]) => {
    const target = from ?? dynamic ?? '';
    return {
      target: target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : target,
      isTypeOnly: type !== undefined,
    };
  });
}
