/** A language as people ask for it: a tag such as `nl` or `nb-NO`. */
const tag = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}$/i;

/**
 * The one that is liked best of an Accept-Language header; nothing where it names none. Every call asks: `negotiator`, which
 * tables are asked for with, would be loaded at each start, and takes no notice of a weight with a blank before it.
 */
export function preferredLanguage(header: string | undefined): string | undefined {
  const asked = (header ?? '').split(',', 20).flatMap((part, at) => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((text) => text.startsWith('q='));
    const liked = weight === undefined ? 1 : Number(weight.slice(2));
    return tag.test(name) && liked > 0 ? [{ name, liked, at }] : [];
  });
  return asked.toSorted((one, other) => other.liked - one.liked || one.at - other.at)[0]?.name;
}
