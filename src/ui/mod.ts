/**
 * The dashboard: pages for people, made on the server, kept live in the browser.
 *
 * In: requests for pages; the gateway only as the API's own answers (`Ask`), so a page shows what a program would be
 * told and nobody sees more than their role. Out: HTML, one stylesheet, two scripts. Promises: nothing is loaded from
 * another host; no inline script or style, so the policy needs no exception; without a script a page still shows the
 * truth of its moment; what a route does not answer is said in words.
 *
 * layout/ is the frame around every page, parts/ what is shown (functions of wire types, run on the server and in the
 * browser alike), data/ what a page asks for, pages/ one file a page, client/ what runs in the browser alone, style/
 * the stylesheet. `deno task ui` bundles client/ and style/ with esbuild into generated/, which is committed: the
 * gateway needs no bundler, no further file and no further right, in a container as on a laptop. esbuild-wasm, since it
 * is one package in deno.lock, starts no program, and makes the same bytes on every machine; `npm:esbuild` is a
 * program for each kind of machine, `deno bundle` fetches one that deno.lock does not know. A test fails when what
 * is committed is stale.
 * @module
 */
export { makePages } from "./make_pages.ts";
