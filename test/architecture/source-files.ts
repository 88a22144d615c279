import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every file below these folders of the project, but for what is made at run time. */
export function filesBelow(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
      .filter((file) => !/(^|\/)(node_modules|\.state[^/]*|cdk\.out)\//.test(file)),
  );
}

export function readFile(file: string): SourceFile {
  return { path: file, text: readFileSync(path.join(root, file), 'utf8') };
}

/** Every source file below these folders of the project. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return filesBelow(...folders)
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map(readFile);
}
