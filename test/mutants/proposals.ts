import type { Mutant } from './mutant.ts';

const killedBy = ['test/features/mappings/dry-run.test.ts'];
const proposal = 'functions/core/model/proposal.ts';
const start = 'functions/sync/runs/start-proposed.ts';

/** Mappings that are tried before they are saved. */
export const proposalMutants: readonly Mutant[] = [
  {
    id: 'proposal-not-planned-by',
    rule: 'D24',
    file: 'functions/sync/open-ends.ts',
    find: 'setup: withProposal(setup, proposal) });',
    replace: 'setup });',
    killedBy,
  },
  {
    id: 'proposal-for-other-types',
    rule: 'D24',
    file: proposal,
    find: 'type.actorType === actorType ?',
    replace: 'type.actorType.length > 0 ?',
    killedBy: ['test/core/model/proposal.test.ts'],
  },
  {
    id: 'proposal-in-the-slot-of-others',
    rule: 'D24',
    file: 'functions/sync/runs/slots.ts',
    find: "run.proposed ? ':proposed' : ''",
    replace: "run.proposed ? '' : ''",
    killedBy,
  },
  {
    id: 'proposal-carried-out',
    rule: 'D25',
    file: start,
    find: 'dryRun: true,',
    replace: 'dryRun: false,',
    killedBy,
  },
  {
    id: 'proposal-ended-when-switched-off',
    rule: 'D25',
    file: 'functions/sync/runs/cancel-run.ts',
    find: "if (state !== 'active' && !mayWorkFor(connection, run)) return",
    replace: "if (state !== 'active') return",
    killedBy,
  },
  {
    id: 'proposal-on-what-is-suspended',
    rule: 'D25',
    file: proposal,
    find: "proposed === true && state === 'inactive' && !secretNeeded",
    replace: 'proposed === true',
    killedBy,
  },
  {
    id: 'proposal-never-given-up',
    rule: 'D25',
    file: 'functions/sync/detect/detect-page.ts',
    find: 'if (!connection || !mayWorkFor(connection, run)) return',
    replace: "if (connection?.state !== 'active') return",
    killedBy,
  },
  {
    id: 'proposal-not-helped-on',
    rule: 'D25',
    file: 'functions/features/runs/completed.ts',
    find: 'run.proposed && isStalled(',
    replace: '!run.proposed && isStalled(',
    killedBy,
  },
  {
    id: 'proposal-not-checked',
    rule: 'D24',
    file: 'functions/features/mappings/dry-run-mapping.ts',
    find: '  await refuseFaulty(type, mapping, bothLists(app, setup, undefined));\n',
    replace: '',
    killedBy,
  },
  {
    id: 'proposal-refusals-uncounted',
    rule: 'D26',
    file: 'functions/core/merge/tallies-of-plan.ts',
    find: "return rule === 'refused' && reason ?",
    replace: "return rule === 'asked' && reason ?",
    killedBy,
  },
  {
    id: 'proposal-tallied-nowhere',
    rule: 'D26',
    file: 'functions/adapters/aws/dynamodb/runs/run-chunks.ts',
    find: '...tallyAttributes(tallies), open',
    replace: 'open',
    killedBy: ['test/contract/stores.test.ts'],
  },
  {
    id: 'proposal-pauses-uncounted',
    rule: 'D26',
    file: 'functions/sync/look/dry-look.ts',
    find: "standing.state === 'paused' && isLive(link.state)",
    replace: "standing.state === 'paused' && !isLive(link.state)",
    killedBy,
  },
  {
    id: 'proposal-examples-of-all',
    rule: 'D26',
    file: 'functions/sync/look/dry-look.ts',
    find: 'writing.slice(0, mostExamplesOfField)',
    replace: 'writing',
    killedBy,
  },
];
