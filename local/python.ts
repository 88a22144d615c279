import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findPython } from './find-python.mjs';
import { endLeftovers } from './leftovers.mjs';
import { withLock } from './lock.ts';
import { runCommand } from './run-command.ts';
import { StartFailure } from './start-failure.ts';
import { underServers } from './under-servers.mjs';

const CHECKOUT = path.dirname(import.meta.dirname);

/** pip's own wheel, for Pythons that come without pip (Debian's without python3-venv); it runs as it is. */
const PIP_WHEEL = {
  file: 'pip-26.3-py3-none-any.whl',
  sha256: 'f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13',
};

export interface Python {
  /** The interpreter of the virtual environment. */
  python: string;
  /** Path of a program that a package installed. */
  program(name: string): string;
}

export interface PythonOptions {
  readonly venv?: string;
  readonly requirements?: string;
  /** Folder of the lock and the log. */
  readonly cache?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly tell?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The virtual environment with the pinned packages; made when missing or when the pins changed. */
export async function ensurePython({
  venv = path.join(CHECKOUT, '.venv'),
  requirements = path.join(CHECKOUT, 'local', 'requirements.txt'),
  cache = path.join(CHECKOUT, 'local', '.state-cache'),
  env = process.env,
  tell = () => {},
  signal,
}: PythonOptions = {}): Promise<Python> {
  const bin = path.join(venv, 'bin');
  const result: Python = { python: path.join(bin, 'python'), program: (name) => path.join(bin, name) };
  const stampFile = path.join(venv, '.erp-sync-stamp');
  const wanted = requirementStamp(readFileSync(requirements, 'utf8'), venv);
  const isReady = () =>
    existsSync(result.python) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
  if (isReady()) return result;
  const makeReady = async () => {
    if (isReady()) return;
    tell('Installing the local AWS and the local ERP (Python packages) …');
    const logFile = path.join(cache, 'python.log');
    // Of a start that was killed one may still be at it, without the lock.
    endLeftovers();
    const inUse = existsSync(venv) && underServers('Python packages');
    if (inUse) throw new StartFailure(inUse);
    await makeVenv({ venv, requirements, env, python: result.python, logFile, signal, tell });
    writeFileSync(stampFile, wanted);
  };
  const waits = () => tell('Waiting for another start or test of this checkout, which installs the Python packages …');
  await withLock(path.join(cache, 'python.lock'), makeReady, { waits, signal });
  return result;
}

/** Changes with the pinned versions, and with the folder: a virtual environment cannot be moved. */
export function requirementStamp(requirements: string, venv: string): string {
  const pins = requirements
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
    .sort();
  return createHash('sha256').update(JSON.stringify({ pins, venv })).digest('hex');
}

interface MakeVenv {
  venv: string;
  requirements: string;
  env: NodeJS.ProcessEnv;
  python: string;
  logFile: string;
  signal?: AbortSignal;
  tell?: (line: string) => void;
}

async function makeVenv({ venv, requirements, python, ...how }: MakeVenv): Promise<void> {
  const found = findPython(how.env);
  if ('sentence' in found) throw new StartFailure(found.sentence);
  rmSync(venv, { recursive: true, force: true });
  const run = (purpose: string, command: string, args: string[]) =>
    runCommand({ purpose, command, args, cwd: CHECKOUT, ...how });
  const install = ['install', '--disable-pip-version-check', '--no-input', '-r', requirements];
  try {
    await run('Making the virtual environment .venv', found.path, ['-m', 'venv', venv]);
  } catch {
    rmSync(venv, { recursive: true, force: true });
    await run('Making the virtual environment .venv', found.path, ['-m', 'venv', '--without-pip', venv]);
    const wheel = path.join(venv, PIP_WHEEL.file);
    await run('Fetching pip', found.path, ['-c', FETCH_WHEEL, PIP_WHEEL.file, PIP_WHEEL.sha256, wheel]);
    await run('Installing the Python packages', python, [path.join(wheel, 'pip'), ...install]);
    return;
  }
  await run('Installing the Python packages', python, ['-m', 'pip', ...install]);
}

/** By Python, which knows the machine's proxies and certificates; from the index that pip would use. */
const FETCH_WHEEL = `
import hashlib, html, os, re, sys, urllib.parse, urllib.request
name, sha256, target = sys.argv[1:]
index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
page = urllib.request.urlopen(index, timeout=60)
for link in re.findall(r'href="([^"]+)"', page.read().decode()):
    url = urllib.parse.urljoin(page.geturl(), html.unescape(link))
    if urllib.parse.urlparse(url).path.endswith("/" + name):
        break
else:
    sys.exit("error: %s is not in the package index" % name)
wheel = urllib.request.urlopen(url, timeout=120).read()
if hashlib.sha256(wheel).hexdigest() != sha256:
    sys.exit("error: %s from the package index has another checksum than expected" % name)
with open(target, "wb") as file:
    file.write(wheel)
`;
