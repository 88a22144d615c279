import { demoPassword } from './login-form.ts';

/** What a browser does at a sign-in, cookies and redirects included, until it is sent back to our pages: that address. */
export async function browserSignIn(from: string, user: string, publicUrl: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next: { url: URL; form?: URLSearchParams } = { url: new URL(from) };
  for (let steps = 0; steps < 12; steps += 1) {
    const { url, form } = next;
    const answer: Response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: form }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) {
      if (form || !(await answer.text()).includes('<form')) throw new Error(`${url.pathname}: ${answer.status}`);
      next = { url, form: new URLSearchParams({ user, password: demoPassword }) };
      continue;
    }
    const there = new URL(location, url);
    if (there.origin === publicUrl) return there;
    next = { url: there };
  }
  throw new Error('The sign-in leads in a circle.');
}
