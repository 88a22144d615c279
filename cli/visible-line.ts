/** Ends of lines, other control characters, and what turns the direction of a text. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** One line for a terminal: a text from outside can neither steer it nor look like a line of ours. JSON stays the same JSON. */
export function visibleLine(text: string): string {
  return text.replace(unseen, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
