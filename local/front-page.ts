/** A piece of a front page: what something is for, and how it is asked. */
interface Part {
  readonly heading: string;
  readonly text: string;
  /** As it is typed; a line each. */
  readonly commands?: readonly string[];
}

export interface FrontPage {
  readonly title: string;
  readonly text: string;
  readonly parts: readonly Part[];
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1b2733}
h1{font-size:1.5rem}h2{font-size:1.05rem;margin-top:2rem}
pre{background:#f2f5f7;padding:.8rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}`;

/** What a server of the demo says of itself to a browser, which else would meet an error or nothing. */
export function frontPage({ title, text, parts }: FrontPage): string {
  const sections = parts.map(({ heading, text: said, commands = [] }) => {
    const typed = commands.length === 0 ? '' : `<pre>${escaped(commands.join('\n'))}</pre>\n`;
    return `<h2>${escaped(heading)}</h2>\n<p>${escaped(said)}</p>\n${typed}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${sections.join('')}</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
