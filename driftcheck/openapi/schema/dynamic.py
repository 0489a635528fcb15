"""Where a reference leads in the dynamic scope: `$dynamicRef` means what the outermost schema calls so, which
is how schemas have parameters (JSON Schema 2020-12, section 8.2.3.2).

What a schema binds travels with the resource of the nodes that are reached through it.
"""

from __future__ import annotations

from dataclasses import replace

from driftcheck.openapi.node import Document, Node, Resource


def in_scope(
    document: Document, node: Node, target: Node, known: dict[tuple[str, str], Resource], *, dynamic: bool
) -> Node:
    """The target of a reference at `node`, with what is bound there; another place for a `$dynamicRef` to a
    name that is bound. `known` keeps the resources that are made."""
    bound = node.resource.bound
    if dynamic and isinstance(target.value, dict):
        name = target.value.get("$dynamicAnchor")
        if isinstance(name, str) and name in bound:
            return bound[name]
    here, there = document.dynamic_anchors(node), document.dynamic_anchors(target)
    if {name: to.key[1] for name, to in here.items()} != {name: to.key[1] for name, to in there.items()}:
        bound = {**here, **bound}  # another schema resource: the outermost one counts
    if not bound or target.resource.bound:
        return target
    made = replace(target.resource, bound=bound)
    return Node(target.value, known.setdefault((made.uri, made.identity), made), target.pointer)
