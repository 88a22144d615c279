import path from 'node:path';
import { build } from 'esbuild';
import { bundling } from '../lib/bundling.ts';

/** Bundles one file as the functions are; answers where the bundle is. */
export async function bundle(entry: string, folder: string): Promise<string> {
  const { target, mainFields, minify, keepNames, sourcesContent, banner } = bundling;
  const outfile = path.join(folder, `${path.basename(entry, '.ts')}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target,
    mainFields,
    minify,
    keepNames,
    sourcesContent,
    banner: { js: banner },
    sourcemap: bundling.sourceMap,
    logLevel: 'error',
  });
  return outfile;
}
