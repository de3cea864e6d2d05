"""Read the sources of widgets: what they say, and what they spell out themselves."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from alexnet_lib.widgets.words import Table, placeholders

# ---------------------------------------------------------------- what is said
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Use:
    """One place that says an entry, and the names that it fills in."""

    place: str
    key: str
    given: frozenset[str]
    free: frozenset[str] = frozenset()  # given, but an entry may do without


def names_in(words: str) -> set[str]:
    """The names of the placeholders, without their forms."""
    return {re.split("[!:]", each)[0] for each in placeholders(words)}


def faults(modules: Mapping[str, str], table: Table) -> list[str]:
    """What is wrong between the sources of modules and the table, a line for each."""
    entries = {f"{w}.{key}": words for w in table for key, words in table[w].items()}
    found, said = [], set()
    for use in (use for name, source in modules.items() for use in uses(name, source)):
        said.add(use.key)
        if use.key not in entries:
            found.append(f"{use.place}: there is no entry {use.key}")
            continue
        names = names_in(entries[use.key])
        if names - use.given or use.given - use.free - names:
            given = ", ".join(sorted(use.given)) or "nothing"
            wanted = ", ".join(sorted(names)) or "nothing"
            found.append(f"{use.place}: {use.key} is given {given}, not {wanted}")
    return found + [f"nobody says {key}" for key in entries if key not in said]


def uses(name: str, source: str) -> Iterator[Use]:
    """All that a module says; a key that cannot be read in its place is '?'."""
    tree = ast.parse(source)
    widget = next(
        (
            node.value.args[0].value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "say"
            and ast.unparse(node.value).startswith("words_of(")
        ),
        "?",
    )
    for scope in [tree, *(n for n in ast.walk(tree) if isinstance(n, FUNCTIONS))]:
        chosen = {
            ast.unparse(node.targets[0]): node.value
            for node in _own(scope)
            if isinstance(node, ast.Assign)
        }
        for call in (node for node in _own(scope) if isinstance(node, ast.Call)):
            said = ast.unparse(call.func)
            if said not in ("say", "say.counted"):
                continue
            place = f"{name}:{call.lineno}"
            given = frozenset(each.arg or "**" for each in call.keywords)
            for key in _keys(call.args[0], chosen):
                if said == "say":
                    yield Use(place, f"{widget}.{key}", given)
                    continue
                for form in ("one", "many"):
                    every = given | {"count"}
                    yield Use(place, f"{widget}.{key}_{form}", every, {"count"})


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a module or a function, without the functions inside it."""
    waiting = [*ast.iter_child_nodes(scope)]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, FUNCTIONS):
            waiting += ast.iter_child_nodes(node)
        else:  # its defaults belong out here
            waiting += [node.args]


def _keys(node: ast.AST, chosen: Mapping[str, ast.AST]) -> Iterator[str]:
    """The keys that stand at a place: one, one of two, or a name for these."""
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp(body=one, orelse=other):
            yield from _keys(one, chosen)
            yield from _keys(other, chosen)
        case ast.Name(id=name) if name in chosen:
            yield from _keys(chosen[name], {})
        case _:
            yield "?"


# ---------------------------------------------------------------- what is spelled out
TERMS = {"floor", "ceil", "SAME"}  # values of the arithmetic's `rounding`, in its words
SHOWN_KEYWORDS = {"description", "tooltip", "tooltips", "placeholder", "options"}
LOOKS = {"layout", "style", "flex_flow", "accept"}
CUTS = {"partition", "rpartition", "removeprefix", "removesuffix", "replace"}
SHOWN_ARGUMENTS = {  # which argument of a call a reader sees
    **dict.fromkeys(("HTML", "Caption", "Button", "Card", "escape", "say", "_say"), 0),
    **dict.fromkeys(("slider", "_slider", "_choice", "_reads", "_plan"), 0),
    **dict.fromkeys(("_panel", "draw_svg", "draw_colours"), 1),
    **dict.fromkeys(("text", "_text", "draw_palette", "draw_sheet"), 2),
}
MARKUP = re.compile(  # tags, cut ones too; attributes; rules of CSS; selectors; colours
    r"<[^<>]*(>|$)|[\w:-]+=\"[^\"]*(\"|$)|\{[^{}]*\}|[\w-]+:(?=\S)[^;\"]*(;|$)"
    r"|[.#][\w-]+|url\(|base64,"
)
FILLED = "\N{REPLACEMENT CHARACTER}"  # in the place of what an f-string fills in
A_WORD = re.compile(r"[^\W\d_]{2,}")
TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,.;:!?)]* \(?[^\W\d_]+")


def spelled_out(modules: Mapping[str, str]) -> list[str]:
    """Words that modules have in themselves, where the table should have them."""
    trees = {name: ast.parse(source) for name, source in modules.items()}
    everywhere = {
        each for tree in trees.values() for each in _names_shown(tree) if each.isupper()
    }
    return [
        f"{name}:{line} spells out {words!r}"
        for name, tree in trees.items()
        for line, words in _spelled_out(tree, everywhere)
    ]


def spelled_out_in_a_page(source: str) -> list[str]:
    """The same for a module of the front end, in JavaScript."""
    code = re.sub(r"(^|\s)//.*", "", source)
    texts = re.findall(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`]*`", code)
    filled = (re.sub(r"\$\{[^}]*\}", "x", text[1:-1]) for text in texts)
    return [words for words in filled if TWO_WORDS.search(MARKUP.sub(" ", words))]


def _spelled_out(tree: ast.Module, everywhere: set[str]) -> list[tuple[int, str]]:
    quiet = {id(part) for node in _not_shown(tree) for part in ast.walk(node)}
    names = everywhere | _names_shown(tree)
    shown = [*_shown(tree), *_bound_to(tree, names)]
    seen = {id(part) for node in shown for part in ast.walk(node)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in quiet:
            continue
        match node:
            case ast.JoinedStr(values=values):
                words, least = _joined(values), A_WORD
            case ast.Constant(value=str(words)):
                least = A_WORD if id(node) in seen else TWO_WORDS
            case _:
                continue
        if least.search(MARKUP.sub(" ", words)) and words not in TERMS:
            found.add((node.lineno, words))
    return sorted(found)


def _joined(values: Iterable[ast.AST]) -> str:
    parts = (
        each.value if isinstance(each, ast.Constant) else FILLED for each in values
    )
    return "".join(map(str, parts))


def _not_shown(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, errors for who writes code, keys, looks, parts of f-strings."""
    for node in ast.walk(tree):
        match node:
            case ast.Raise():
                yield node
            case ast.Subscript(slice=key):
                yield key
            case ast.keyword(arg=name, value=value) if name in LOOKS:
                yield value
            case ast.Call(func=ast.Name(id="Layout") | ast.Attribute(attr="Layout")):
                yield node
            case ast.Call(func=ast.Attribute(attr=name), args=args) if name in CUTS:
                yield from args
            case ast.Expr(value=ast.Constant() as text):
                yield text
            case ast.Call(func=ast.Name(id="say" | "words_of"), args=[key, *_]):
                yield key
            case ast.Call(func=ast.Attribute(value=ast.Name(id="say")), args=[key, *_]):
                yield key
            case ast.JoinedStr(values=values):  # judged as a whole
                yield from (each for each in values if isinstance(each, ast.Constant))
            case ast.FormattedValue(format_spec=ast.JoinedStr() as form):
                yield form


def _shown(tree: ast.Module) -> Iterator[ast.AST]:
    """The expressions that a reader gets to see."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=function, args=args, keywords=keywords):
                name = ast.unparse(function).rpartition(".")[2]
                yield from args[SHOWN_ARGUMENTS.get(name, 99) :][:1]
                yield from (k.value for k in keywords if k.arg in SHOWN_KEYWORDS)
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value):
                if name in SHOWN_KEYWORDS:
                    yield value


def _names_shown(tree: ast.Module) -> set[str]:
    parts = (part for node in _shown(tree) for part in ast.walk(node))
    return {part.id for part in parts if isinstance(part, ast.Name)} - {"self"}


def _bound_to(tree: ast.Module, names: set[str]) -> Iterator[ast.AST]:
    """What names that are shown stand for: plain texts, or rows of them."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[target], value=value):
                pass
            case ast.AnnAssign(target=target, value=value):
                pass
            case (
                ast.comprehension(target=target, iter=value)
                | ast.For(target=target, iter=value)
            ):
                pass
            case _:
                continue
        bound = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
        if bound & names:
            rows = value.keys if isinstance(value, ast.Dict) else [value]
            yield from (row for row in rows if _is_plain(row))


def _is_plain(node: ast.AST) -> bool:
    if isinstance(node, ast.Tuple | ast.List):
        return all(map(_is_plain, node.elts))
    return isinstance(node, ast.Constant | ast.Call)
