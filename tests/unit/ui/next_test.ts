/** Where someone who has signed in is led: nowhere but to this gateway. */
import { assertEquals } from "@std/assert";
import { nextOf } from "../../../src/ui/client/next.ts";

const OURS = "http://gateway.example:8080";

Deno.test("whoever signs in goes on to the page that was asked for", () => {
  assertEquals(nextOf("/alerts?rule=hot", OURS), `${OURS}/alerts?rule=hot`);
  assertEquals(nextOf("/devices/a%2Fb", OURS), `${OURS}/devices/a%2Fb`);
  assertEquals(nextOf(null, OURS), `${OURS}/`);
});

for (
  const wanted of [
    "//evil.example/x",
    "/\\evil.example",
    "/.//evil.example/x",
    "/x/..//evil.example",
    `${OURS}//evil.example`,
    "http://gateway.example//evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "http://",
  ]
) {
  Deno.test(`nobody is led away from this gateway by ${JSON.stringify(wanted)}`, () => {
    const next = nextOf(wanted, OURS);
    // As a browser at the sign-in page takes it.
    assertEquals(URL.parse(next, `${OURS}/sign-in`)?.origin, OURS, next);
  });
}
