import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

const root = path.dirname(import.meta.dirname);
/** What a synthesis leaves behind: `code/` is deployed, `maps/` is not. Git ignores it. */
const buildFolder = path.join(root, 'build');

/** How functions are made small. */
export const bundleOptions = {
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
} satisfies BuildOptions;

/** A handler with all it needs, as it is deployed. */
export interface Bundle {
  /** The file that holds the handler; its name holds the hash of its content, as that of every file but the first. */
  readonly entry: string;
  /** Texts by file name. */
  readonly code: Readonly<Record<string, string>>;
  /** Source maps by the name of the file they are of; sources are named from the root of the tree. */
  readonly maps: Readonly<Record<string, string>>;
  /** Files that each file imports, and whether at once or when used. */
  readonly imports: Readonly<Record<string, readonly { readonly file: string; readonly isDynamic: boolean }[]>>;
}

/**
 * Bundles a handler; the same sources give the same bytes. Vendors' code, and what the SDK loads when used, are files of
 * their own. The first file leads to the entry, so that the function's handler keeps its name.
 */
export function bundle(handler: string): Bundle {
  const outdir = path.join(buildFolder, 'code', handler);
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [path.join('functions', 'handlers', `${handler}.ts`)],
    outdir,
    write: false,
    metafile: true,
    ...bundleOptions,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    sourcemap: 'external',
    sourcesContent: false,
  });
  const { code = [], maps = [] } = Object.groupBy(outputFiles, (file) =>
    file.path.endsWith('.map') ? 'maps' : 'code',
  );
  const entry = entryOf(metafile);
  return {
    entry,
    code: {
      ...Object.fromEntries(code.map((file) => [path.basename(file.path), file.text])),
      'index.mjs': `export { handler } from './${entry}';\n`,
    },
    maps: Object.fromEntries(maps.map(({ path: at, text }) => [path.basename(at, '.map'), fromRoot(text, outdir)])),
    imports: Object.fromEntries(
      Object.entries(metafile.outputs).map(([at, output]) => [path.basename(at), imported(output)]),
    ),
  };
}

function entryOf({ outputs }: Metafile): string {
  const [at] =
    Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.startsWith('functions/handlers/')) ?? [];
  if (at === undefined) throw new Error('The bundle has no entry.');
  return path.basename(at);
}

function imported({ imports }: Metafile['outputs'][string]) {
  return imports
    .filter(({ external }) => !external)
    .map(({ path: at, kind }) => ({ file: path.basename(at), isDynamic: kind === 'dynamic-import' }));
}

function fromRoot(map: string, outdir: string): string {
  const { sources, ...rest }: { sources: string[] } = JSON.parse(map);
  return JSON.stringify({ ...rest, sources: sources.map((one) => path.relative(root, path.resolve(outdir, one))) });
}

/**
 * Bundles a handler into a folder that holds nothing else, and answers the folder; one that holds just that is left as it
 * is, for another synthesis may be reading it. Maps are added to those that are there: by the names of their files they
 * are good for every version that was made in this tree.
 */
export function writeBundle(handler: string, folder = buildFolder): string {
  const { code, maps } = bundle(handler);
  const codeFolder = path.join(folder, 'code', handler);
  if (!holdsJust(codeFolder, code)) {
    rmSync(codeFolder, { recursive: true, force: true });
    write(codeFolder, code);
  }
  write(
    path.join(folder, 'maps'),
    Object.fromEntries(Object.entries(maps).map(([name, text]) => [`${name}.map`, text])),
  );
  return codeFolder;
}

function holdsJust(folder: string, files: Readonly<Record<string, string>>): boolean {
  if (!existsSync(folder)) return false;
  const there = readdirSync(folder);
  const isOurs = (name: string) => files[name] === readFileSync(path.join(folder, name), 'utf8');
  return there.length === Object.keys(files).length && there.every(isOurs);
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}
