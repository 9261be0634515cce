import csv
import io
import json

import numpy as np

from scene_desktop.core.predictions import Prediction, tally, write_csv, write_json

CLASSES = ("cat", "=dog")


def rows() -> list[Prediction]:
    return [
        Prediction(0, "/a.jpg", np.array([0.9, 0.1], np.float32)),
        Prediction(1, "/b.jpg", np.array([0.45, 0.55], np.float32)),
        Prediction(2, "=cmd.jpg", error="The file is empty"),
    ]


def test_csv_has_the_fixed_columns_and_scores_in_class_order() -> None:
    stream = io.StringIO()
    write_csv(stream, rows(), CLASSES, 0.6)
    table = list(csv.reader(io.StringIO(stream.getvalue())))
    assert table[0] == ["path", "class", "confidence", "unsure", "error", "cat", "'=dog"]
    assert table[1] == ["/a.jpg", "cat", "0.900000", "no", "", "0.900000", "0.100000"]
    assert table[2][:5] == ["/b.jpg", "'=dog", "0.550000", "yes", ""]
    assert table[3] == ["'=cmd.jpg", "", "", "", "The file is empty", "", ""]


def test_a_path_that_is_no_text_is_written_as_escapes() -> None:
    stream = io.StringIO()
    write_csv(stream, [Prediction(0, "/b\udcff.jpg", error="x")], CLASSES, 0.5)
    stream.getvalue().encode("utf-8")
    assert r"/b\udcff.jpg" in stream.getvalue()


def test_json_holds_every_photo() -> None:
    stream = io.StringIO()
    write_json(stream, rows(), CLASSES, 0.6, "Pets")
    document = json.loads(stream.getvalue())
    assert document["model"] == "Pets"
    assert document["classes"] == list(CLASSES)
    assert [photo["class"] for photo in document["photos"]] == ["cat", "=dog", None]
    assert document["photos"][1]["unsure"] is True
    assert document["photos"][0]["scores"] == {"cat": 0.9, "=dog": 0.1}
    assert document["photos"][2]["error"] == "The file is empty"


def test_tally_adds_up() -> None:
    counted = tally(rows(), 2, 0.6)
    assert (counted.by_class, counted.unsure, counted.failed, counted.total) == ((1, 0), 1, 1, 3)
