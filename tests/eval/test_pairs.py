"""The columns that `eval/pairs.py` takes from the status reader."""

import pairs
from drumbeat.themes.judge import CARRIAGE


def test_denying_is_read_from_its_own_column() -> None:
    assert ("conveys", *CARRIAGE)[pairs._DENIES] == "read as: denies"
