"""Sorts that are killed: at random moments from outside, and at each single step from inside."""

import os
import random
from pathlib import Path

import pytest

from tests.sort_kills import WAYS, Stage, kill_once, measure

pytestmark = pytest.mark.skipif(os.name == "nt", reason="The kills are made with means of Unix")

KILLS = int(os.environ.get("SCENE_SORT_KILLS", "1"))
"""Kills for each way to sort; `make sort-proof` does it with 10,000 files."""


@pytest.mark.parametrize("way", WAYS)
def test_a_sort_killed_at_random_moments_is_resumed_or_undone(way: str, tmp_path: Path) -> None:
    stage = Stage(tmp_path, 400, way)
    durations = measure(stage)
    chance = random.Random()
    kills = 0
    for _ in range(40):
        kills += kill_once(stage, chance, durations)
        if kills >= KILLS:
            return
    pytest.fail("No kill has hit")
