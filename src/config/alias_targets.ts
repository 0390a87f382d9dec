import { type Document, type Node, visit } from "yaml";

/**
 * What each alias of a document stands for: the last node before it that has its anchor. An alias without such a node is
 * left out. One walk finds all of them; `Alias.resolve` of the library walks the whole document for each, so that 60 KB
 * of aliases would hold everything up for half a minute.
 */
export function aliasTargets(document: Document): ReadonlyMap<Node, Node> {
  const targets = new Map<Node, Node>();
  const anchored = new Map<string, Node>();
  visit(document, {
    Alias: (_, alias) => {
      const target = anchored.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
  });
  return targets;
}
