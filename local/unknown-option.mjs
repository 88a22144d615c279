/**
 * What is wrong with the options of one of our programs, in the words of all of them: a sentence with the usage, or nothing.
 * Plain JavaScript, for options are read before anything is installed.
 * @param {string[]} args
 * @param {string} usage each option begins a line of it
 */
export function unknownOption(args, usage) {
  const known = [...usage.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
  const unknown = args.map(nameOf).find((name) => name.startsWith('-') && name !== '--help' && !known.includes(name));
  return unknown === undefined ? '' : `There is no option ${unknown}.\n\n${usage}`;
}

/** Without its value. */
function nameOf(/** @type {string} */ arg) {
  return arg.split('=')[0] ?? '';
}
