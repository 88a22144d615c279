import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes of one function, by what they were started with (proc(5): environ). */
export function functionProcesses(functionName: string): number[] {
  const mark = `AWS_LAMBDA_FUNCTION_NAME=${functionName}`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && read(`/proc/${pid}/environ`).split('\0').includes(mark));
}

/** Whether a process holds an open connection to a port of this machine. */
export function isConnectedTo(pid: number, port: number): boolean {
  const sockets = openConnections(port);
  return sockets.size > 0 && descriptors(pid).some((target) => sockets.has(target));
}

const established = '01';

/** `socket:[inode]` of every connection whose far end is the port (proc(5): /proc/net/tcp). */
function openConnections(port: number): Set<string> {
  const rows = read('/proc/net/tcp').split('\n').slice(1);
  const farEnd = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return new Set(
    rows.flatMap((row) => {
      const columns = row.trim().split(/\s+/);
      const isOurs = columns[2]?.endsWith(farEnd) && columns[3] === established;
      return isOurs ? [`socket:[${columns[9]}]`] : [];
    }),
  );
}

function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
