"""Trellis: programs of a toy language whose results are right.

The language has functions ("to ... end ..."), variables ("let", "set"), choices, loops and three
kinds of brackets that mean the same. The text holds to its rules: every bracket is closed by its
own kind, every block by its own name, a variable is declared in this block or one around it
before it is used, a remark in words says what the expression below it says, and each "show" line
ends with the value that the program really has, because the programs are run while they are
written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.text.generators.dice import Dice
from lab.text.generators.english import listed, plural
from lab.text.generators.grammar import Grammar
from lab.text.generators.trellis_rules import ACTIONS, NAMES, RULES, SUBJECTS

SEED = 1843
LARGEST = 999  # programs with larger values, or smaller than its negative, are thrown away
LONGEST_REMARK = 80  # characters; beyond it no one can follow "the sum of the product of ..."

OPERATORS = ("+", "+", "+", "-", "-", "*", "max", "min")
BRACKETS = ("()", "()", "[]", "{}")
IN_WORDS = {
    "+": "the sum of {} and {}",
    "-": "{} less {}",
    "*": "the product of {} and {}",
    "max": "the larger of {} and {}",
    "min": "the smaller of {} and {}",
}

# Expressions and statements are tuples that begin with their kind:
#   ("number", 3)  ("name", "moss")  ("both", operator, brackets, left, right)
#   ("call", function, arguments)  ("is", relation, left, right)
#   ("let" | "set", name, expression)  ("if", condition, block, other block)
#   ("repeat", times, block)  ("for", name, numbers, block)  ("say", text)  ("remark", text)
Node = tuple[Any, ...]
Block = list[Node]


class TooLarge(Exception):
    """A value left the range that the text allows."""


def compute(operator: str, left: int, right: int) -> int:
    """The value of one operation.

    Raises:
        TooLarge: beyond `LARGEST`.
    """
    if operator in ("max", "min"):
        return max(left, right) if operator == "max" else min(left, right)
    value = {"+": left + right, "-": left - right, "*": left * right}[operator]
    if abs(value) > LARGEST:
        raise TooLarge
    return value


class Function:
    """A function of a program: its name, its parameters, its statements and what it gives."""

    def __init__(self, name: str, parameters: list[str], block: Block, result: Node):
        self.name = name
        self.parameters = parameters
        self.block = block
        self.result = result

    def run(self, arguments: Sequence[int], functions: dict[str, Function]) -> int:
        """The value for these arguments.

        Raises:
            TooLarge: a value on the way left the allowed range.
        """
        values = dict(zip(self.parameters, arguments, strict=True))
        self._run(self.block, values, functions)
        return evaluate(self.result, values, functions)

    def _run(self, block: Block, values: dict[str, int], functions: dict[str, Function]) -> None:
        for kind, *rest in block:
            if kind in ("let", "set"):
                values[rest[0]] = evaluate(rest[1], values, functions)
            elif kind == "if":
                condition, yes, no = rest
                self._run(yes if evaluate(condition, values, functions) else no, values, functions)
            elif kind == "repeat":
                for _ in range(rest[0]):
                    self._run(rest[1], values, functions)
            elif kind == "for":
                for number in rest[1]:
                    values[rest[0]] = number
                    self._run(rest[2], values, functions)

    def lines(self) -> list[str]:
        """The function as text."""
        return [
            f"to {self.name} ({', '.join(self.parameters)})",
            *written(self.block, "  "),
            f"  give {shown(self.result)}",
            f"end {self.name}",
        ]


def evaluate(node: Node, values: dict[str, int], functions: dict[str, Function]) -> int:
    """The value of an expression; of a condition, 0 or 1."""
    kind, *rest = node
    if kind == "number":
        return rest[0]
    if kind == "name":
        return values[rest[0]]
    if kind == "call":
        arguments = [evaluate(argument, values, functions) for argument in rest[1]]
        return functions[rest[0]].run(arguments, functions)
    left, right = (evaluate(side, values, functions) for side in rest[-2:])
    if kind == "is":
        return int({">": left > right, "<": left < right, "=": left == right}[rest[0]])
    return compute(rest[0], left, right)


def shown(node: Node) -> str:
    """An expression as text."""
    kind, *rest = node
    if kind == "call":
        return f"{rest[0]} ({', '.join(map(shown, rest[1]))})"
    if kind == "is":
        return f"{shown(rest[1])} {rest[0]} {shown(rest[2])}"
    if kind == "both":
        operator, (opening, closing), left, right = rest
        return f"{opening}{shown(left)} {operator} {shown(right)}{closing}"
    return str(rest[0])


def spoken(node: Node) -> str:
    """An expression in words."""
    kind, *rest = node
    if kind == "both":
        return IN_WORDS[rest[0]].format(spoken(rest[2]), spoken(rest[3]))
    return f"the {rest[0]}" if kind == "name" else shown(node)


def written(block: Block, indent: str) -> list[str]:
    """A block of statements as lines of text."""
    lines, deeper = [], indent + "  "
    for kind, *rest in block:
        if kind in ("let", "set"):
            lines.append(f"{indent}{kind} {rest[0]} = {shown(rest[1])}")
        elif kind == "if":
            lines += [f"{indent}if {shown(rest[0])}", *written(rest[1], deeper)]
            if rest[2]:
                lines += [f"{indent}else", *written(rest[2], deeper)]
            lines.append(f"{indent}end if")
        elif kind == "repeat":
            lines += [f"{indent}repeat {rest[0]} times", *written(rest[1], deeper)]
            lines.append(f"{indent}end repeat")
        elif kind == "for":
            numbers = ", ".join(map(str, rest[1]))
            lines += [f"{indent}for {rest[0]} in <{numbers}>", *written(rest[2], deeper)]
            lines.append(f"{indent}end for {rest[0]}")
        else:
            lines.append(indent + ('say "{}"' if kind == "say" else "# {}").format(rest[0]))
    return lines


class Trellis(Grammar):
    """Writes programs.

    Args:
        dice: where the choices come from.
    """

    def __init__(self, dice: Dice):
        super().__init__(dice, RULES)
        self.topic: list[str] = []  # names that the present function has used
        self.subject = ""
        self.functions: dict[str, Function] = {}

    def slot(self, name: str) -> str:
        """What stands in place of `{name}`: adds the present function's subject."""
        return self.subject if name == "subject" else super().slot(name)

    # -- expressions -----------------------------------------------------------------------

    def leaf(self, scope: Sequence[str]) -> Node:
        """A number, or more often a name in scope."""
        if self.dice.chance(0.68):
            return ("name", self.dice.pick(scope))
        return (
            "number",
            self.dice.between(1, 9) if self.dice.chance(0.8) else self.dice.between(10, 60),
        )

    def expression(self, scope: Sequence[str], depth: int) -> Node:
        """A bracketed operation, nested up to `depth`, with a call now and then."""
        if self.functions and self.dice.chance(0.12):
            function = self.functions[self.dice.pick(list(self.functions))]
            return ("call", function.name, [self.leaf(scope) for _ in function.parameters])
        sides: list[Node] = []
        while len(sides) < 2:
            deeper = depth > 1 and self.dice.chance(0.55)
            side = self.expression(scope, depth - 1) if deeper else self.leaf(scope)
            if side not in sides:  # "moss - moss" says nothing
                sides.append(side)
        return ("both", self.dice.pick(OPERATORS), self.dice.pick(BRACKETS), *sides)

    # -- statements ------------------------------------------------------------------------

    def block(self, scope: list[str], settable: list[str], depth: int, length: int) -> Block:
        """Statements of one block.

        Args:
            scope: names that may be used; what this block declares is forgotten at its end.
            settable: those that were made by "let", and may be "set".
            depth: how many blocks may still be opened inside.
            length: number of statements.
        """
        dice, scope, settable = self.dice, list(scope), list(settable)
        block: Block = []
        for _ in range(length):
            choice = dice.below(12)
            if choice < 3 or not settable:
                name = self._fresh()
                value = self.expression(scope, 3)
                remark = f"{name}: {spoken(value)}"
                if dice.chance(0.4) and value[0] == "both" and len(remark) < LONGEST_REMARK:
                    block.append(("remark", remark))
                block.append(("let", name, value))
                scope.append(name)
                settable.append(name)
            elif choice < 5:
                block.append(("set", dice.pick(settable), self.expression(scope, 3)))
            elif choice < 6:
                block.append(("say", self.sentence("{message}")))
            elif choice < 7:
                block.append(("remark", self.sentence("{remark}")))
            elif depth:
                block.append(self._compound(scope, settable, depth))
        return block

    def _compound(self, scope: list[str], settable: list[str], depth: int) -> Node:
        """A choice or a loop."""
        dice = self.dice

        def inner(names: list[str]) -> Block:
            change = ("set", dice.pick(settable), self.expression(names, 2))
            return [*self.block(names, settable, depth - 1, dice.between(0, 2)), change]

        kind = dice.below(4)
        if kind < 2:
            sides = self.expression(scope, 2), self.leaf(scope)
            condition = ("is", dice.pick("><="), *sides)
            return ("if", condition, inner(scope), inner(scope) if dice.chance(0.6) else [])
        if kind < 3:
            return ("repeat", dice.between(2, 5), inner(scope))
        name = self._fresh()
        numbers = [dice.between(0, 20) for _ in range(dice.between(2, 4))]
        return ("for", name, numbers, inner([*scope, name]))

    def _fresh(self) -> str:
        """A name that this function has not used yet."""
        unused = [name for name in NAMES if name not in self.topic]
        self.topic.append(self.dice.lean(unused))
        return self.topic[-1]

    # -- programs --------------------------------------------------------------------------

    def function(self) -> tuple[list[str], Function]:
        """A function and the lines of its text."""
        dice = self.dice
        action, self.subject = dice.pick(ACTIONS), plural(dice.pick(SUBJECTS))
        while f"{action}_{self.subject}" in self.functions:
            action = dice.pick(ACTIONS)
        self.topic = []
        parameters = [self._fresh() for _ in range(dice.between(1, 3))]
        needs = listed([f"the {name}" for name in parameters])
        remark = self.sentence(f"{{purpose}}: {action} the {{subject}}. {{takes}} {needs}.")
        block = self.block(parameters, [], 2, dice.between(2, 5))
        made = [statement[1] for statement in block if statement[0] == "let"]
        result = self.expression([*parameters, *made, *made], 2)
        function = Function(f"{action}_{self.subject}", parameters, block, result)
        return [f"# {remark}", *function.lines()], function

    def program(self) -> str:
        """One or two functions, and what they give for some arguments.

        Programs with a value beyond `LARGEST` are thrown away and written anew.
        """
        nats = self.dice.nats
        while True:
            self.dice.nats = nats  # what was thrown away is not in the text and surprises nobody
            self.functions, lines = {}, []
            for _ in range(self.dice.between(1, 2)):
                text, function = self.function()
                self.functions[function.name] = function
                lines += [*text, ""]
            try:
                for function in self.functions.values():
                    for _ in range(self.dice.between(1, 2)):
                        arguments = [self.dice.between(0, 12) for _ in function.parameters]
                        value = function.run(arguments, self.functions)
                        call = f"{function.name} ({', '.join(map(str, arguments))})"
                        lines.append(f"show {call} gives {value}")
            except TooLarge:
                continue
            return "\n".join(lines) + "\n"


def write(dice: Dice, characters: int = 480_000) -> str:
    """Programs, as many as it takes to reach this many characters.

    Args:
        dice: every choice; `Dice(SEED)` gives the project's text.
        characters: least length in characters; the last program is finished.
    """
    trellis = Trellis(dice)
    programs, length = [], 0
    while length < characters:
        programs.append(trellis.program())
        length += len(programs[-1]) + 1
    return "\n".join(programs)
