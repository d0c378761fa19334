"""Where settings come from, and that a misspelt one is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from drumbeat.errors import SettingsError
from drumbeat.views.settings import Given, load_settings


def test_option_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    (tmp_path / "drumbeat.toml").write_text("workers = 1\ntimeout_seconds = 5.5\nmax_redirects = 0\n")
    environment = {"DRUMBEAT_HOME": str(tmp_path), "DRUMBEAT_WORKERS": "2", "DRUMBEAT_TIMEOUT_SECONDS": "7"}
    settings = load_settings(Given(workers=3), home=None, environment=environment)
    assert settings.home == tmp_path
    assert settings.options.workers == 3
    assert settings.options.limits.timeout_seconds == 7
    assert settings.options.limits.max_redirects == 0
    assert settings.options.encoder == "minilm"


def test_home_is_the_users_data_folder_when_nothing_is_said() -> None:
    assert load_settings(Given(), home=None, environment={}).home.name == "drumbeat"


@pytest.mark.parametrize(
    ("file", "environment", "words"),
    [
        ("wrokers = 2", {}, "wrokers"),
        ("workers = 'two'", {}, "workers"),
        ("workers = ", {}, "drumbeat.toml"),
        ("", {"DRUMBEAT_WROKERS": "2"}, "wrokers"),
        ("", {"DRUMBEAT_WORKERS": "two"}, "workers"),
        ("timeout_seconds = -1", {}, "positive"),
    ],
)
def test_an_unknown_or_impossible_setting_is_named(
    tmp_path: Path, file: str, environment: dict[str, str], words: str
) -> None:
    (tmp_path / "drumbeat.toml").write_text(file)
    with pytest.raises(SettingsError, match=words):
        load_settings(Given(), home=tmp_path, environment=environment)
