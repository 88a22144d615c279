const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The beginning of a text, of at most so many bytes of UTF-8, without half a character at its end. */
export function cutToBytes(text: string, most: number): string {
  const bytes = encoder.encode(text);
  if (bytes.length <= most) return text;
  let end = most;
  // The second byte of a character and those after it begin with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return decoder.decode(bytes.subarray(0, end));
}
