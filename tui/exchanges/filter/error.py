"""What is wrong with a filter, and where in its text. Owns `FilterError` only."""

from tui.errors import Exit, Failure, UsageError


class FilterError(UsageError):
    """A filter that can't be read.

    ``start`` and ``end`` bound the term at fault in the text; ``wrong`` says what is wrong with it and ``possible``
    what would be right, each as a sentence.
    """

    def __init__(self, start: int, end: int, wrong: str, possible: str) -> None:
        super().__init__(Failure("The filter can't be read", wrong, possible, exit=Exit.USAGE))
        self.start = start
        self.end = end
        self.wrong = wrong
        self.possible = possible


class WrongValueError(Exception):
    """The value of a term is not what the term takes; whoever knows the place makes a `FilterError` of it."""

    def __init__(self, wrong: str, possible: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.possible = possible
