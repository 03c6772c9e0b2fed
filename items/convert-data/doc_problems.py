"""Mistakes in a document, as people need them: where, what, and the line itself."""

from __future__ import annotations


class DocumentError(ValueError):
    """Something in a document is wrong; `line` and `column` count from 1."""

    def __init__(self, problem: str, text: str, line: int, column: int) -> None:
        self.problem = problem
        self.line = line
        self.column = column
        self.excerpt = excerpt(text, line, column)
        super().__init__(f"Line {line}, column {column}: {problem}\n\n{self.excerpt}")

    @classmethod
    def at(cls, problem: str, text: str, offset: int) -> DocumentError:
        """A mistake at a place counted in characters from the start."""
        before = text[:offset]
        return cls(problem, text, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def excerpt(text: str, line: int, column: int, width: int = 100) -> str:
    """The line with a mark below the column; of a long line, the part around it."""
    lines = text.splitlines() or [""]
    content = lines[min(line, len(lines)) - 1].replace("\t", " ")
    start = max(0, min(column - 1, len(content)) - width // 2)
    part = content[start : start + width]
    return f"{part}\n{' ' * (min(column - 1, len(content)) - start)}^"
