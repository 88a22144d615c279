/** Paths and queries of our own pages: nothing that a browser could read as another host, and no fragment, which is ours. */
const form = /^\/[\w\-.~/?=&%:,+]{0,500}$/;

/** The address of one of our own pages; undefined for what is none: another host, or a path of the API. */
export function pageAddress(publicUrl: string, returnTo: string): string | undefined {
  if (!form.test(returnTo) || returnTo.startsWith('//')) return undefined;
  const url = URL.parse(returnTo, publicUrl);
  if (url?.origin !== new URL(publicUrl).origin || /^\/v1(\/|$)/i.test(url.pathname)) return undefined;
  return url.pathname.startsWith('//') ? undefined : url.href;
}
