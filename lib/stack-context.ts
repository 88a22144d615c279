import type { Node } from 'constructs';
import type { ErpSyncStackProps } from './erp-sync-stack.ts';
import { signInContext } from './sign-in-context.ts';
import { emailNamed, isReserved, restoredTableNamed, stageNamed } from './stages.ts';

/** What is said by `-c name=value`. Throws one sentence where something is missing or wrong: nothing is guessed. */
export function stackContext(node: Pick<Node, 'tryGetContext'>): ErpSyncStackProps {
  const said = (name: string): unknown => node.tryGetContext(name);
  const stage = stageNamed(said('stage'));
  return {
    stage,
    reserve: isReserved(said('reserve')),
    signIn: signInContext(stage, said('publicUrl'), said('crmClientId')),
    alertEmail: emailNamed(said('alertEmail')),
    restoredTable: restoredTableNamed(stage, said('restoredTable')),
  };
}
