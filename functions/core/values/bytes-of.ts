const encoder = new TextEncoder();

/** The length of a text in bytes of UTF-8. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}
