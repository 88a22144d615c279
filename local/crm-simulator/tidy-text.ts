/** A text as an archive may show it: no outer spaces, one form of line break, composed letters; a phone without double spaces. */
export function tidyText(text: string, kind?: 'phone'): string {
  const tidy = text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
  return kind === 'phone' ? tidy.replaceAll(/\s+/g, ' ') : tidy;
}
