/** How a handler becomes one file (esbuild); the bench bundles what it compares with in the same way. */
export const bundling = {
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  sourceMap: true,
  sourcesContent: false,
  // CommonJS packages inside an ES module ask for Node's own modules by require.
  banner: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
};
