import type { RefusedScope } from '../../core/model/brake.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';

/** Fewer links in a message tell nothing of its field. */
const leastThatTell = 3;

/** What became of the writes of one message: which scopes were refused of how many links. In memory only. */
export class RefusalTally {
  private readonly sent = new Map<string, Set<string>>();
  private readonly refused = new Map<string, Set<string>>();
  /** Found to be refused link after link by this message. */
  readonly refusing: RefusedScope[] = [];
  /** A write was taken that a brake speaks of. */
  readonly taken: RefusedScope[] = [];
  /** By scope, the link that tries for all, once one has asked to. */
  readonly triers = new Map<string, Promise<string | undefined>>();
  /** Of these its round is over. */
  readonly tried = new Set<string>();

  note(scope: RefusedScope, linkId: string, isRefused: boolean): void {
    const name = scopeName(scope);
    for (const links of isRefused ? [this.sent, this.refused] : [this.sent]) {
      links.set(name, (links.get(name) ?? new Set()).add(linkId));
    }
  }

  /**
   * Links that were refused it; none where most of those that sent it were not, or where they are so few that a faulty
   * record alone would be most of them.
   */
  refusedOf(scope: RefusedScope): readonly string[] {
    const name = scopeName(scope);
    const refused = [...(this.refused.get(name) ?? [])];
    const sent = this.sent.get(name)?.size ?? 0;
    return sent < leastThatTell || 2 * refused.length < sent ? [] : refused;
  }
}

export function scopeName({ side, actorType, field }: RefusedScope): string {
  return fingerprint([side, actorType, field]);
}
