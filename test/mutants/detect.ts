import type { Mutant } from './mutant.ts';
import { deaths, dispatch, engine, histories, meanwhile, standing, waits, writes } from './tiers.ts';

const page = 'functions/sync/detect/detect-page.ts';
const handOut = 'functions/sync/detect/hand-out.ts';
const failed = 'functions/sync/detect/chain-failure.ts';
const read = 'functions/sync/detect/read-chain-page.ts';
const chains = 'functions/sync/runs/chains.ts';
const seen = 'functions/core/merge/seen.ts';
const activation = 'functions/features/connections/activate-connection.ts';

export const detectMutants: readonly Mutant[] = [
  {
    id: 'detect-cursor-before-due',
    rule: 'D2',
    file: page,
    find: 'if (await handOut(engine, run, message, verdict)) await moveOn(engine, run, message, verdict);',
    replace: `const early = verdict.cursor;
  if (early) await engine.cursors.store({ tenantId, connectionId, ...early }, early.value, early.revision);
  if (await handOut(engine, run, message, verdict)) await moveOn(engine, run, message, verdict);`,
    killedBy: [deaths],
  },
  {
    id: 'detect-never-due',
    rule: 'D1',
    file: handOut,
    find: 'if (!run.dryRun) await engine.dueItems.putMany([...waiting, ...duesOf(engine, chunks)]);',
    replace: '',
    killedBy: [engine],
  },
  {
    id: 'detect-again-not-due',
    rule: 'D8',
    file: handOut,
    find: 'putMany([...waiting, ...duesOf(engine, chunks)])',
    replace: 'putMany(duesOf(engine, chunks))',
    killedBy: [meanwhile],
  },
  {
    id: 'detect-dry-due',
    rule: 'D11',
    file: handOut,
    find: 'if (!run.dryRun) await engine.dueItems.putMany([',
    replace: 'await engine.dueItems.putMany([',
    killedBy: [writes],
  },
  {
    id: 'detect-dry-cursor',
    rule: 'D11',
    file: read,
    find: 'cursor: run.dryRun ? undefined : { side,',
    replace: 'cursor: { side,',
    killedBy: [writes],
  },
  {
    id: 'detect-no-resend',
    rule: 'D9',
    file: page,
    find: 'if (receiveCount > 1) await resendChunks(engine, run);',
    replace: '',
    killedBy: [deaths],
  },
  {
    id: 'detect-no-next-page',
    rule: 'D9',
    file: page,
    find: 'if (receiveCount > 1) await engine.queue.send([detectMessage(run, chain, at.page)]);',
    replace: '',
    killedBy: [deaths],
  },
  {
    id: 'detect-seen-by-version-alone',
    rule: 'D4',
    file: seen,
    find: 'return seen.version === now.version && seen.values === now.values;',
    replace: 'return seen.version === now.version;',
    killedBy: [histories],
  },
  {
    id: 'detect-never-seen',
    rule: 'D4',
    file: seen,
    find: 'return seen.version === now.version && seen.values === now.values;',
    replace: 'return false;',
    killedBy: [meanwhile],
  },
  {
    id: 'detect-not-before-ignored',
    rule: 'D7',
    file: read,
    find: 'due.notBefore === undefined || due.notBefore <= now',
    replace: 'true',
    killedBy: [dispatch],
  },
  {
    id: 'detect-live-message-ignored',
    rule: 'D6',
    file: read,
    find: 'const lost = ripe.filter((due) => !live.has(due));',
    replace: 'const lost = ripe;',
    killedBy: [dispatch],
  },
  {
    id: 'detect-ended-run-is-live',
    rule: 'D6',
    file: read,
    find: 'if (!run || hasEnded(run.state)) continue;',
    replace: 'if (!run) continue;',
    killedBy: [dispatch],
  },
  {
    id: 'detect-due-not-searched',
    rule: 'D6',
    file: chains,
    find: "return run.dryRun ? changes : ['due', ...changes];",
    replace: 'return changes;',
    killedBy: [dispatch],
  },
  {
    id: 'detect-broken-link-looked-at',
    rule: 'D5',
    file: 'functions/core/model/link.ts',
    find: "return state !== 'disconnected';",
    replace: 'return true;',
    killedBy: [standing],
  },
  {
    id: 'detect-throttling-spends',
    rule: 'F2',
    file: failed,
    find: 'spends: spendsAttempt(kind)',
    replace: 'spends: true',
    killedBy: [waits],
  },
  {
    id: 'detect-failure-stays',
    rule: 'D12',
    file: failed,
    find: 'if (failure) await engine.failures.close(',
    replace: 'if (false) await engine.failures.close(',
    killedBy: [waits],
  },
  {
    id: 'detect-lane-kept',
    rule: 'P2',
    file: chains,
    find: 'lane: first ? run.lane : oneLaneLower(run.lane)',
    replace: 'lane: run.lane',
    killedBy: [engine],
  },
  {
    id: 'detect-idle-poll-leaves-run',
    rule: 'D13',
    file: 'functions/sync/runs/finish-run.ts',
    find: 'if (run.latent) {',
    replace: 'if (run.latent === undefined) {',
    killedBy: [engine],
  },
  {
    id: 'detect-activation-stores-no-cursor',
    rule: 'D14',
    file: activation,
    find: 'await storeMissingCursors(app, checked.setup, checked);',
    replace: '',
    killedBy: ['test/features/connections/activate-connection.test.ts'],
  },
  {
    id: 'detect-activation-moves-cursor',
    rule: 'D14',
    file: activation,
    find: `if (await app.cursors.get(of)) continue;
    await app.cursors.store(of, await systems[side].start(table), 0);`,
    replace: `const kept = await app.cursors.get(of);
    await app.cursors.store(of, await systems[side].start(table), kept?.revision ?? 0);`,
    killedBy: ['test/features/connections/activate-connection.test.ts'],
  },
];
