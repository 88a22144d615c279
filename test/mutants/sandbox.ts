import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** What the tests said: `broken` = they could not even be run, which proves nothing. */
type Verdict = 'passed' | 'failed' | 'broken' | 'out-of-time';

export interface TestResult {
  readonly verdict: Verdict;
  /** The first test that failed, or what vitest printed last. */
  readonly detail: string;
}

interface Report {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly { status: string; fullName: string }[] }[];
}

/** A copy of the working tree, changes not yet committed included, in which a file can be broken; the checkout is never touched. */
export class Sandbox {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'erp-sync-mutants-'));
  private stopRunning: () => void = () => {};

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: checkout, encoding: 'utf8' });
    for (const file of listed.split('\0')) {
      if (file === '' || !existsSync(path.join(checkout, file))) continue;
      const target = path.join(this.folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      copyFileSync(path.join(checkout, file), target);
    }
    symlinkSync(path.join(checkout, 'node_modules'), path.join(this.folder, 'node_modules'), 'dir');
  }

  pathOf(file: string): string {
    return path.join(this.folder, file);
  }

  /** Runs test files until the first failure. Histories are the same in every run: the seed is fixed unless it is given. */
  async test(files: readonly string[], timeoutMs: number): Promise<TestResult> {
    const reportFile = path.join(this.folder, '.report.json');
    rmSync(reportFile, { force: true });
    // A test that hangs over a fault fails before all of them are out of time.
    const limits = ['--maxWorkers=1', '--bail=1', '--testTimeout=120000'];
    const options = [...limits, '--reporter=json', `--outputFile=${reportFile}`];
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files, ...options], {
      cwd: this.folder,
      env: { SEED: '7', ...process.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    this.stopRunning = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.stopRunning();
    }, timeoutMs);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    this.stopRunning = () => {};
    if (late) return { verdict: 'out-of-time', detail: `after ${timeoutMs / 1000} s` };
    return resultOf(reportFile, code, said);
  }

  remove(): void {
    this.stopRunning();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function resultOf(reportFile: string, code: number | null, said: string): TestResult {
  const printed = said.trim().split('\n').slice(-12).join('\n');
  if (!existsSync(reportFile)) return { verdict: 'broken', detail: printed };
  const report: Report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const failed = report.testResults.flatMap((file) => file.assertionResults).find((one) => one.status === 'failed');
  if (failed) return { verdict: 'failed', detail: failed.fullName };
  if (code !== 0 || report.numPassedTests === 0) return { verdict: 'broken', detail: printed };
  return { verdict: 'passed', detail: `${report.numPassedTests} tests` };
}
