/** Marks of an extension, between the number and it; all are one. */
const extensionMark = /(?<=\d)(?:extension|extn|ext|durchwahl|toestel|poste|tst|dw|x|#)(?=\d)/g;

/**
 * `+31 20 123` and `+31-20-123` are one number; `0031` is left alone: which country it dials from is not ours to guess.
 * Letters count (an extension, a word on the keys), and so do `*` and `#`; without a digit it is no number: nothing.
 */
export function phoneKey(text: string): string | undefined {
  const plain = text.normalize('NFKC').toLowerCase();
  const dialled = plain.replaceAll(/[^\p{L}\p{N}*#]/gu, '');
  if (!/\d/.test(dialled)) return undefined;
  const international = /^[^\p{L}\p{N}]*\+/u.test(plain);
  return `${international ? '+' : ''}${dialled.replaceAll(extensionMark, 'x')}`;
}
