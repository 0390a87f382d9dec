/**
 * What a page may do (CSP Level 3): run and style itself with this gateway's own files, talk to this gateway, and
 * nothing else. Its icon is in the page.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");
