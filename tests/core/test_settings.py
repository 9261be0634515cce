import logging
from typing import Any

import pytest

from scene_desktop.core import settings as declared
from scene_desktop.core.settings import (
    CLASSIFY_THRESHOLD,
    SAVING_FORMAT,
    SORTING_HOW,
    THEME,
    WATCHING_WISH,
    WINDOW_GEOMETRY,
    WINDOW_PAGE,
    Setting,
    Settings,
    ThemeChoice,
    WatchWish,
)
from scene_desktop.core.sorting import How

ALL = [value for value in vars(declared).values() if isinstance(value, Setting)]


class Kept(dict[str, Any]):
    """A store that gives back every number and word as text, as settings files do."""

    def value(self, key: str) -> object:
        return self.get(key)

    def set_value(self, key: str, value: Any) -> None:
        self[key] = value if isinstance(value, bytes) else str(value)

    def sync(self) -> None:
        pass


def test_every_setting_has_a_key_of_its_own_and_says_what_it_means() -> None:
    assert len({one.key for one in ALL}) == len(ALL) > 10
    assert all(one.meaning.endswith(".") for one in ALL)


@pytest.mark.parametrize("setting", ALL, ids=lambda one: one.key)
def test_a_default_survives_the_disk(setting: Setting[Any]) -> None:
    store = Kept()
    assert Settings(store).get(setting) == setting.default
    Settings(store).set(setting, setting.default)
    read = Settings(store).get(setting)
    assert read == setting.default
    assert type(read) is type(setting.default)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (THEME, ThemeChoice.DARK),
        (WINDOW_GEOMETRY, b"\0\1\xff"),
        (WINDOW_PAGE, 2),
        (CLASSIFY_THRESHOLD, 0.75),
        (SORTING_HOW, How.MOVE),
        (WATCHING_WISH, WatchWish("/camera", "/sorted", How.LINK, at_start=True)),
    ],
)
def test_values_come_back_as_they_were(setting: Setting[Any], value: object) -> None:
    settings = Settings(Kept())
    settings.set(setting, value)
    assert settings.get(setting) == value


@pytest.mark.parametrize(
    ("setting", "damaged"),
    [
        (THEME, "nonsense"),
        (WINDOW_GEOMETRY, "nonsense"),
        (WINDOW_GEOMETRY, object()),
        (WINDOW_PAGE, "3"),
        (WINDOW_PAGE, "-1"),
        (WINDOW_PAGE, "one"),
        (CLASSIFY_THRESHOLD, "nan"),
        (CLASSIFY_THRESHOLD, "60 %"),
        (CLASSIFY_THRESHOLD, "1.5"),
        (SAVING_FORMAT, "docx"),
        (SORTING_HOW, "teleport"),
        (SORTING_HOW, ["a", "list"]),
        (WATCHING_WISH, "{"),
        (WATCHING_WISH, '{"folder": 3}'),
        (WATCHING_WISH, '{"folder": "x", "more": ' + "[" * 200_000),
    ],
)
def test_damaged_values_fall_back_to_the_default_with_a_line_in_the_log(
    setting: Setting[Any], damaged: object, caplog: pytest.LogCaptureFixture
) -> None:
    store = Kept()
    store[setting.key] = damaged
    with caplog.at_level(logging.WARNING):
        settings = Settings(store)
        assert [settings.get(setting), settings.get(setting)] == [setting.default] * 2
    assert [setting.key in record.getMessage() for record in caplog.records] == [True]
