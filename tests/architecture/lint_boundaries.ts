/**
 * Lint plug-in: the dependency rule of src/, reported while typing.
 * @module
 */
import { breach, EDGES_OF_THE_CORE, IMPURE_GLOBALS, roomOf, ROOMS } from "./rooms.ts";

/** The part of a path after the last `/src/`, or `undefined` outside src/. */
function inSrc(filename: string): string | undefined {
  const at = filename.replaceAll("\\", "/").lastIndexOf("/src/");
  return at < 0 ? undefined : filename.slice(at + 5);
}

/** Resolves `./x.ts` and `../y/mod.ts` against the importing file. Packages give `undefined`. */
function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const url = new URL(specifier, `file:///root/src/${from}`);
  return inSrc(url.pathname);
}

function judge(context: Deno.lint.RuleContext, node: Deno.lint.Node, specifier: unknown): void {
  if (typeof specifier !== "string") return;
  const from = inSrc(context.filename);
  if (from === undefined) return;
  if (specifier.startsWith(".")) {
    const to = resolve(from, specifier);
    if (to === undefined) {
      // Leaving src/ is allowed to cli/ alone, for the simulator in devices/.
      if (roomOf(from) !== "cli") context.report({ node, message: `"${specifier}" leaves src/` });
      return;
    }
    const message = breach(from, to);
    if (message !== undefined) context.report({ node, message });
  }
}

const plugin: Deno.lint.Plugin = {
  name: "sluice-boundaries",
  rules: {
    "room": {
      create(context): Deno.lint.LintVisitor {
        return {
          ImportDeclaration: (node) => judge(context, node, node.source.value),
          ExportNamedDeclaration: (node) => judge(context, node, node.source?.value),
          ExportAllDeclaration: (node) => judge(context, node, node.source.value),
          ImportExpression: (node) =>
            judge(context, node, node.source.type === "Literal" ? node.source.value : undefined),
        };
      },
    },
    "pure-core": {
      create(context): Deno.lint.LintVisitor {
        const from = inSrc(context.filename);
        if (from === undefined) return {};
        const room = roomOf(from);
        const rank = ROOMS[room]?.rank ?? 9;
        if (rank > 1 || EDGES_OF_THE_CORE.has(room)) return {};
        return {
          Identifier(node): void {
            if (!IMPURE_GLOBALS.has(node.name)) return;
            if (node.parent.type === "MemberExpression" && node.parent.property === node) return;
            if (node.parent.type === "Property" && node.parent.key === node) return;
            context.report({
              node,
              message: `"${node.name}" has no place in the pure core: take it as an argument`,
            });
          },
          MemberExpression(node): void {
            if (node.object.type !== "Identifier" || node.object.name !== "Math") return;
            if (node.property.type !== "Identifier" || node.property.name !== "random") return;
            context.report({
              node,
              message: "Math.random has no place in the pure core: take dice as an argument",
            });
          },
          AwaitExpression(node): void {
            context.report({
              node,
              message: "The pure core waits for nothing: keep promises at the two ends",
            });
          },
        };
      },
    },
  },
};

export default plugin;
