"""A process that writes 40 batches into a notebook, for the test that kills it."""

import sys
from pathlib import Path

from drumbeat.store import open_store
from store.samples import make_article, make_bookmark, make_sighting

BATCHES, BATCH = 40, 10


def write_all(path: Path) -> None:
    bookmark = make_bookmark()
    with open_store(path) as store:
        store.save_bookmark(bookmark)
        sequence = store.max_sequence()
        for first in range(0, BATCHES * BATCH, BATCH):
            batch = [make_article(number) for number in range(first, first + BATCH)]
            found = [make_sighting(article, bookmark) for article in batch]
            store.save_batch(batch, found, matched_through=sequence)
            sys.stdout.write(f"{first}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
