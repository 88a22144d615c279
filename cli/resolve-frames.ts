import { SourceMap, type SourceMapPayload } from 'node:module';

/** A place in a bundle as V8 writes it, wherever the bundle lay: its file's name holds the hash of its content. */
const frame = /(?:file:\/\/)?[^\s"'(]*?([\w.]+-[A-Z0-9]{8}\.mjs):(\d+):(\d+)/g;

/** Says places in bundles as places in sources. */
export interface FrameResolver {
  /** The text with each place replaced that a map is there for. */
  resolve(text: string): string;
  /** Files named in what was resolved so far that have no map. */
  missing(): readonly string[];
}

/** `mapOf` answers the source map of a bundled file by its name, or nothing. */
export function frameResolver(mapOf: (file: string) => string | undefined): FrameResolver {
  const maps = new Map<string, SourceMap | undefined>();

  function mapFor(file: string): SourceMap | undefined {
    if (!maps.has(file)) {
      const text = mapOf(file);
      maps.set(file, text === undefined ? undefined : new SourceMap(JSON.parse(text) as SourceMapPayload));
    }
    return maps.get(file);
  }

  return {
    resolve: (text) =>
      text.replaceAll(frame, (place, file: string, line: string, column: string) => {
        const origin = mapFor(file)?.findOrigin(Number(line), Number(column));
        return origin && 'fileName' in origin
          ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
          : place;
      }),
    missing: () => [...maps].flatMap(([file, map]) => (map ? [] : [file])),
  };
}
