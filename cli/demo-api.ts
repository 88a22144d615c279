import { readFileSync } from 'node:fs';
import path from 'node:path';

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Who runs the system writes its process first, and where the API is once that is ready. */
function isStarting(folder: string): boolean {
  const pid = Number(textOf(path.join(folder, 'lock-holder')));
  return Number.isInteger(pid) && pid > 0 && isAlive(pid);
}

/** URL and key of the demo whose state is in that folder; throws a sentence for people. */
export function demoApi(folder: string): { readonly url: string; readonly key: string } {
  try {
    const { apiUrl: url, adminKey: key } = JSON.parse(textOf(path.join(folder, 'endpoints.json')) ?? '');
    return { url, key };
  } catch {
    throw new Error(
      isStarting(folder)
        ? 'The demo is starting: try again once npm start says that it is ready.'
        : 'The demo does not run: start it with npm start.',
    );
  }
}
