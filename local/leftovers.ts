// Servers are written down with their start time, so that those of a start that was killed can be ended by the next
// one, and a process that merely got the same number is never touched.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const NOTES = 'running';

/** Notes a server of this state folder as running. */
export function noteRunning(folder: string, id: string, pid: number): void {
  mkdirSync(path.join(folder, NOTES), { recursive: true });
  writeFileSync(note(folder, id), JSON.stringify({ pid, startedAt: startTime(pid) }));
}

export function noteEnded(folder: string, id: string): void {
  rmSync(note(folder, id), { force: true });
}

/** Ends what an earlier start of this state folder left running; answers what that was. */
export function endLeftovers(folder: string): string[] {
  const notes = path.join(folder, NOTES);
  if (!existsSync(notes)) return [];
  const ended: string[] = [];
  for (const file of readdirSync(notes)) {
    const { pid, startedAt } = JSON.parse(readFileSync(path.join(notes, file), 'utf8'));
    if (startedAt && startTime(pid) === startedAt) {
      endGroup(pid);
      ended.push(path.basename(file, '.json'));
    }
    rmSync(path.join(notes, file));
  }
  return ended;
}

/** Ends a process that leads a group, and all that it started. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left, which is what was wanted.
  }
}

/** When a process started, as the system words it; empty when there is no such process. */
export function startTime(pid: number): string {
  try {
    // proc(5): the name in parentheses may hold spaces; start time is the 22nd field, the 20th after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    if (process.platform === 'linux') return '';
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
}

function note(folder: string, id: string): string {
  return path.join(folder, NOTES, `${id}.json`);
}
