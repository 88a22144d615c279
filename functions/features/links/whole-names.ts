import { coveredFields, mappedFields } from '../../core/mapping/mapped-fields.ts';
import type { Plan } from '../../core/merge/plan.ts';
import type { BySide } from '../../core/model/by-side.ts';
import type { Link } from '../../core/model/link.ts';
import { type Side, sides } from '../../core/model/side.ts';
import type { OpenEnds } from '../../sync/open-ends.ts';

interface WholeName {
  readonly now: string | null;
  readonly after: string | null;
}

type Names = Partial<BySide<WholeName>>;

/**
 * Names of several fields, whole, with the parts that nobody mapped, as both sides have them and would have them; by link
 * id. One read a side and type.
 */
export async function wholeNamesOf(
  context: OpenEnds,
  links: readonly Link[],
  plans: readonly (Plan | undefined)[],
): Promise<ReadonlyMap<string, Names>> {
  const names = new Map<string, Names>();
  const planned = links.flatMap((link, at) => {
    const plan = plans[at];
    return plan ? [{ link, plan }] : [];
  });
  const tell = async (side: Side, ofType: typeof planned) => {
    const [first] = ofType;
    if (!first) return;
    const changes = ofType.map(({ link, plan }) => ({ key: link.ends[side].key, values: plan.writes[side] }));
    const fields = coveredFields(mappedFields(context.setup, first.link.ends.erp.type), side);
    const whole = await context[side].wholeNames(first.link.ends[side].type, changes, fields);
    for (const { link } of ofType) {
      const name = whole.get(link.ends[side].key);
      if (name) names.set(link.id, { ...names.get(link.id), [side]: name });
    }
  };
  for (const ofType of Map.groupBy(planned, ({ link }) => link.ends.erp.type).values()) {
    await Promise.all(sides.map((side) => tell(side, ofType)));
  }
  return names;
}
