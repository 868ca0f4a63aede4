"""Type-to-filter: which texts fit what was typed, best first. Pure; made for 10,000 texts between two keys."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

MISS: Final = 1_000_000


def folded(text: str) -> str:
    """Return ``text`` as it is compared: without case."""
    return text.casefold()


class Query:
    """What was typed, prepared once. Words may stand in any order; each is found whole or letter by letter."""

    def __init__(self, text: str) -> None:
        self.words = tuple(folded(text).split())
        self._loose = [re.compile(".*?".join(map(re.escape, word)), re.DOTALL) for word in self.words]

    def score(self, text: str) -> int:
        """Return how badly the folded ``text`` fits (0 is best), or `MISS`."""
        total = 0
        for word, loose in zip(self.words, self._loose, strict=True):
            place = text.find(word)
            if place == 0:
                continue
            if place > 0:
                starts_word = not text[place - 1].isalnum()
                total += (100 if starts_word else 300) + min(place, 99)
                continue
            found = loose.search(text)
            if found is None:
                return MISS
            total += 1_000 + min(found.end() - found.start() - len(word), 999) * 10
        return total


def slices(query: Query, texts: Sequence[str], size: int = 500) -> Iterator[list[tuple[int, int]]]:
    """Yield ``(score, index)`` of the texts that fit, ``size`` texts at a time, so that a loop can breathe between."""
    score = query.score
    for start in range(0, len(texts), size):
        scored = [(score(text), index) for index, text in enumerate(texts[start : start + size], start)]
        yield [pair for pair in scored if pair[0] < MISS]
