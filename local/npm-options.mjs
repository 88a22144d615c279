/** What a program may be asked to do; other words may be values that npm tore from their options. */
const acts = ['create', 'delete', 'export', 'plan', 'apply'];

/**
 * Options that npm took for its own because no `--` stands before them: it leaves them in the environment, and the program
 * would do without them and never know.
 * @param {string} script what comes after `npm`
 * @param {readonly string[]} options of the program, without dashes; `stage=NAME` where a value follows
 * @param {NodeJS.ProcessEnv} [env]
 * @param {readonly string[]} [args] what it let through: an act, such as plan, and what came after a --
 * @returns {string} what is wrong, in a sentence, or nothing
 */
export function takenByNpm(script, options, env = process.env, args = []) {
  const taken = options.flatMap((option) => {
    const [name = '', sample] = option.split('=');
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    if (value === undefined) return [];
    const given = value === 'true' || value === '' ? sample : value;
    return [given === undefined ? `--${name}` : `--${name} ${given}`];
  });
  if (taken.length === 0) return '';
  const act = args.find((arg) => acts.includes(arg));
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const words = [...(act ? [act] : []), ...taken, ...(first < 0 ? [] : args.slice(first))];
  return `npm kept ${taken.join(' ')} to itself, for options need a -- before them: npm ${script} -- ${words.join(' ')}`;
}
