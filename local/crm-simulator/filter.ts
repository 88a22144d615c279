import { badRequest } from './api-error.ts';

/** `column operator operands`, joined by and/or and brackets; `and` binds tighter. */
export type Filter =
  | { kind: 'all'; parts: Filter[] }
  | { kind: 'any'; parts: Filter[] }
  | { kind: 'term'; column: string; operator: string; operands: string[] };

type Token = { kind: 'word' | 'text' | 'mark'; value: string };

/** Parses `$filter`. Strings are in single quotes, a quote inside is escaped with a backslash (spec 3.6). */
export function parseFilter(source: string): Filter {
  const tokens = tokenize(source);
  let position = 0;
  const peek = (): Token | undefined => tokens[position];
  const isWord = (word: string): boolean => {
    const token = peek();
    return token?.kind === 'word' && token.value.toLowerCase() === word;
  };
  const isMark = (mark: string): boolean => {
    const token = peek();
    return token?.kind === 'mark' && token.value === mark;
  };
  const take = (what: string): Token => {
    const token = peek();
    if (token === undefined) throw badRequest(`The filter ends where ${what} is expected.`);
    position += 1;
    return token;
  };
  const takeMark = (mark: string): void => {
    if (take(`'${mark}'`).value !== mark) throw badRequest(`The filter lacks '${mark}'.`);
  };
  const takeOperand = (): string => {
    const token = take('a value');
    if (token.kind === 'mark') throw badRequest(`The filter has '${token.value}' where a value is expected.`);
    return token.value;
  };

  function anyOf(): Filter {
    const parts = [allOf()];
    while (isWord('or')) {
      position += 1;
      parts.push(allOf());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'any', parts };
  }

  function allOf(): Filter {
    const parts = [term()];
    while (isWord('and')) {
      position += 1;
      parts.push(term());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', parts };
  }

  function term(): Filter {
    if (isMark('(')) {
      position += 1;
      const inner = anyOf();
      takeMark(')');
      return inner;
    }
    const column = takeOperand();
    const operator = takeOperand();
    return { kind: 'term', column, operator, operands: operands(operator) };
  }

  function operands(operator: string): string[] {
    const isListed = isMark('(');
    if (!isListed && operator.toLowerCase() !== 'between') return [takeOperand()];
    if (isListed) position += 1;
    const values = [takeOperand()];
    while (isMark(',')) {
      position += 1;
      values.push(takeOperand());
    }
    if (isListed) takeMark(')');
    return values;
  }

  const filter = anyOf();
  if (peek() !== undefined) throw badRequest('The filter has text after its end.');
  return filter;
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:'((?:\\.|[^'\\])*)'|([(),])|([^\s(),']+))/y;
  while (source.slice(pattern.lastIndex).trim() !== '') {
    const match = pattern.exec(source);
    if (match === null) throw badRequest('The filter cannot be read: check its quotes.');
    const [, text, mark, word] = match;
    if (text !== undefined) tokens.push({ kind: 'text', value: text.replace(/\\(.)/g, '$1') });
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark });
    else tokens.push({ kind: 'word', value: word ?? '' });
  }
  return tokens;
}

/** Turns a filter into one predicate, given how a single term tests a row. */
export function filterPredicate<Row>(
  filter: Filter,
  termTest: (column: string, operator: string, operands: string[]) => (row: Row) => boolean,
): (row: Row) => boolean {
  if (filter.kind === 'term') return termTest(filter.column, filter.operator, filter.operands);
  const tests = filter.parts.map((part) => filterPredicate(part, termTest));
  return filter.kind === 'all' ? (row) => tests.every((test) => test(row)) : (row) => tests.some((test) => test(row));
}
