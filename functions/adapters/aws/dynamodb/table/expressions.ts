import type { Condition, QueryRequest, Write } from '../../../../ports/table.ts';

/** The names and values that one call's expressions refer to. */
export interface Placeholders {
  readonly name: (attribute: string) => string;
  readonly value: (value: unknown) => string;
  /** What the SDK wants beside the expressions; undefined for nothing, since empty ones are refused. */
  readonly parts: () => {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  };
}

export function placeholders(): Placeholders {
  const names = new Map<string, string>();
  const values: Record<string, unknown> = {};
  return {
    name(attribute) {
      const known = names.get(attribute) ?? `#n${names.size}`;
      names.set(attribute, known);
      return known;
    },
    value(value) {
      const reference = `:v${Object.keys(values).length}`;
      values[reference] = value;
      return reference;
    },
    parts: () => ({
      ExpressionAttributeNames:
        names.size > 0 ? Object.fromEntries([...names].map(([attribute, known]) => [known, attribute])) : undefined,
      ExpressionAttributeValues: Object.keys(values).length > 0 ? values : undefined,
    }),
  };
}

export function conditionExpression(
  condition: Condition | undefined,
  { name, value }: Placeholders,
): string | undefined {
  const { exists, equals = {}, absent = [], below = {}, contains = {}, oneOf = {} } = condition ?? {};
  const parts = [
    ...(exists === undefined ? [] : [`${exists ? 'attribute_exists' : 'attribute_not_exists'}(${name('pk')})`]),
    ...Object.entries(equals).map(([attribute, wanted]) => `${name(attribute)} = ${value(wanted)}`),
    ...absent.map((attribute) => `attribute_not_exists(${name(attribute)})`),
    ...Object.entries(below).map(([attribute, limit]) => `${name(attribute)} < ${value(limit)}`),
    ...Object.entries(contains).map(([attribute, member]) => `contains(${name(attribute)}, ${value(member)})`),
    ...Object.entries(oneOf).map(
      ([attribute, options]) => `${name(attribute)} IN (${options.map((option) => value(option)).join(', ')})`,
    ),
  ];
  return parts.length > 0 ? parts.join(' AND ') : undefined;
}

type Update = Extract<Write, { readonly update: object }>;

export function updateExpression(write: Update, { name, value }: Placeholders): string | undefined {
  const clause = (word: string, parts: readonly string[]) => (parts.length > 0 ? [`${word} ${parts.join(', ')}`] : []);
  const members = (sets: Readonly<Record<string, readonly string[]>> = {}) =>
    Object.entries(sets).flatMap(([attribute, texts]) =>
      texts.length > 0 ? [`${name(attribute)} ${value(new Set(texts))}`] : [],
    );
  const clauses = [
    ...clause(
      'SET',
      Object.entries(write.set ?? {}).map(([attribute, to]) => `${name(attribute)} = ${value(to)}`),
    ),
    ...clause(
      'REMOVE',
      (write.remove ?? []).map((attribute) => name(attribute)),
    ),
    ...clause('ADD', [
      ...Object.entries(write.add ?? {}).map(([attribute, amount]) => `${name(attribute)} ${value(amount)}`),
      ...members(write.addMembers),
    ]),
    ...clause('DELETE', members(write.dropMembers)),
  ];
  return clauses.length > 0 ? clauses.join(' ') : undefined;
}

export function keyExpression(request: QueryRequest, { name, value }: Placeholders): string {
  const { index, pk, prefix, between } = request;
  const partition = `${name(index ? `${index}pk` : 'pk')} = ${value(pk)}`;
  const sortKey = index ? `${index}sk` : 'sk';
  if (between) return `${partition} AND ${name(sortKey)} BETWEEN ${value(between[0])} AND ${value(between[1])}`;
  return prefix ? `${partition} AND begins_with(${name(sortKey)}, ${value(prefix)})` : partition;
}
