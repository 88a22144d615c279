import path from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/bundle.ts';

/** Bundles one file as the functions are; answers where the bundle is. */
export function bundleFile(entry: string, folder: string): string {
  const { outputs } = buildSync({
    ...bundleOptions,
    entryPoints: [entry],
    outdir: folder,
    entryNames: '[name]',
    metafile: true,
  }).metafile;
  const [at] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(path.basename(entry))) ?? [];
  if (at === undefined) throw new Error(`The bundle of ${entry} has no entry.`);
  return path.resolve(at);
}
