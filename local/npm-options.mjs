/**
 * Options that npm took for its own because no `--` stands before them: it leaves them in the environment, and the program
 * would do without them and never know.
 * @param {string} script what comes after `npm`
 * @param {readonly string[]} names of the program's options, without dashes
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} what is wrong, in a sentence, or nothing
 */
export function takenByNpm(script, names, env = process.env) {
  const taken = names.flatMap((name) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    if (value === undefined) return [];
    return [value === 'true' || value === '' ? `--${name}` : `--${name} ${value}`];
  });
  if (taken.length === 0) return '';
  return `npm kept ${taken.join(' ')} to itself, for options need a -- before them: npm ${script} -- ${taken.join(' ')}`;
}
