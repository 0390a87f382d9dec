/**
 * Lint plug-in: a source file that has outgrown one thing.
 * @module
 */

/** Longest source file, in lines. */
export const MAX_LINES = 250;

const plugin: Deno.lint.Plugin = {
  name: "sluice-size",
  rules: {
    "file": {
      create(context): Deno.lint.LintVisitor {
        return {
          Program(node): void {
            if (/\/tests\//.test(context.filename)) return;
            const lines = context.sourceCode.text.split("\n").length - 1;
            if (lines <= MAX_LINES) return;
            context.report({
              node,
              message:
                `${lines} lines, allowed are ${MAX_LINES}: split it where its description needs an "and"`,
            });
          },
        };
      },
    },
  },
};

export default plugin;
