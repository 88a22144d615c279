import { spawnSync } from 'node:child_process';

/** Oldest Python that the pinned versions in requirements.txt run on. */
const OLDEST_PYTHON = '3.10';

const NAMES = ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const PROBE =
  'import sys, venv, sqlite3; print("%d.%d.%d" % sys.version_info[:3], int(sys.version_info >= (3, 10)), sys.executable)';

/**
 * The first Python on the PATH that is new enough and can make a virtual environment.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ path: string, version: string } | { sentence: string }} the interpreter, or why there is none
 */
export function findPython(env = process.env) {
  let tooOld = '';
  for (const name of NAMES) {
    const answer = spawnSync(name, ['-c', PROBE], { env, encoding: 'utf8', timeout: 20_000 });
    const [version = '', isNewEnough, ...path] = answer.status === 0 ? answer.stdout.trim().split(' ') : [];
    if (isNewEnough === '1') return { path: path.join(' '), version };
    if (version) tooOld ||= version;
  }
  return {
    sentence: tooOld
      ? `Python ${OLDEST_PYTHON} or newer is needed for the local AWS and the local ERP, but the Python on the PATH is ${tooOld}.`
      : `Python ${OLDEST_PYTHON} or newer is needed for the local AWS and the local ERP, but no python3 with its venv module was found on the PATH.`,
  };
}
