"""Every way out holds every photo, says what a person said, and runs nothing of what it is given."""

import csv
import io
import json
import zipfile
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from scene_desktop.core import exports
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.exports import FORMATS, Results, csv_table, documents, report, workbook

CLASSES = ("cat", "=dog")


def rows() -> list[Prediction]:
    return [
        Prediction(0, "/a.jpg", np.array([0.9, 0.1], np.float32)),
        Prediction(1, "/b.jpg", np.array([0.45, 0.55], np.float32)),
        Prediction(2, "=cmd.jpg", error="The file is empty"),
        Prediction(3, "/c.jpg", np.array([0.52, 0.48], np.float32), corrected=1),
    ]


def results(predictions: list[Prediction] | None = None, classes: tuple[str, ...] = CLASSES) -> Results:
    when = datetime(2025, 1, 2, 10, 30)
    return Results(rows() if predictions is None else predictions, classes, 0.6, "Pets", when)


def rendered(key: str, what: Results) -> bytes:
    known = next(one for one in FORMATS if one.key == key)
    return known.render(what, lambda done, total: None, lambda: False)


def test_csv_has_the_fixed_columns_and_scores_in_class_order() -> None:
    table = list(csv.reader(io.StringIO(rendered("csv", results()).decode())))
    assert table[0] == [*csv_table.COLUMNS, "cat", "'=dog"]
    assert table[0][:5] == ["path", "class", "confidence", "unsure", "error"]
    assert table[1] == ["/a.jpg", "cat", "0.900000", "no", "", "no", "cat", "0.900000", "0.100000"]
    assert table[2][:7] == ["/b.jpg", "'=dog", "0.550000", "yes", "", "no", "'=dog"]
    assert table[3] == ["'=cmd.jpg", "", "", "", "The file is empty", "", "", "", ""]
    assert table[4][:7] == ["/c.jpg", "'=dog", "0.520000", "no", "", "yes", "cat"]


def test_a_path_that_is_no_text_is_written_as_escapes() -> None:
    given = results([Prediction(0, "/b\udcff\x07.jpg", error="x")])
    for known in FORMATS:
        content = rendered(known.key, given)
        if known.key != "xlsx":
            assert r"\udcff" in content.decode("utf-8")


def test_json_holds_every_photo() -> None:
    document = json.loads(rendered("json", results()))
    assert document["model"] == "Pets"
    assert document["classes"] == list(CLASSES)
    assert [photo["class"] for photo in document["photos"]] == ["cat", "=dog", None, "=dog"]
    assert document["photos"][1]["unsure"] is True
    assert document["photos"][0]["scores"] == {"cat": 0.9, "=dog": 0.1}
    assert document["photos"][2]["error"] == "The file is empty"
    assert (document["photos"][3]["corrected"], document["photos"][3]["guess"]) == (True, "cat")


def test_json_lines_are_the_photos_of_the_document() -> None:
    lines = rendered("jsonl", results()).decode().splitlines()
    assert [json.loads(line) for line in lines] == json.loads(rendered("json", results()))["photos"]


def test_nothing_is_a_valid_document_too() -> None:
    assert json.loads(rendered("json", results([])))["photos"] == []
    assert rendered("jsonl", results([])) == b""
    for key in ("csv", "xlsx", "html"):
        assert rendered(key, results([]))


NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(content: bytes, sheet: int) -> list[list[str]]:
    """Texts and figures of a sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
        assert not root.findall(f".//{NAMESPACE}f"), "a formula"
        assert not root.findall(f".//{NAMESPACE}hyperlink")
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            texts = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(one.itertext()) for one in texts]
    found = []
    for row in root.iter(f"{NAMESPACE}row"):
        line = []
        for cell in row.iter(f"{NAMESPACE}c"):
            text = "".join(cell.itertext())
            line.append(shared[int(text)] if cell.get("t") == "s" else text)
        found.append(line)
    return found


def test_the_workbook_holds_photos_and_counts_without_formulas() -> None:
    content = rendered("xlsx", results())
    photos, counts = cells(content, 1), cells(content, 2)
    assert photos[0] == [*csv_table.COLUMNS, *CLASSES]
    assert photos[2][:2] == ["/b.jpg", "=dog"]
    assert float(photos[1][2]) == pytest.approx(0.9)
    assert photos[3] == ["=cmd.jpg", "The file is empty"]
    assert dict(line for line in counts if len(line) == 2)["All photos"] == "4"
    assert dict(line for line in counts if len(line) == 2)["=dog"] == "1"


def test_what_does_not_fit_into_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    with pytest.raises(InputError, match="Save them as CSV"):
        rendered("xlsx", results())


class _Page(HTMLParser):
    """Collects the elements and texts of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def photo(folder: Path, name: str) -> str:
    Image.new("RGB", (40, 30), (200, 90, 10)).save(folder / name)
    return str(folder / name)


def test_the_report_shows_pictures_and_needs_nothing_else(tmp_path: Path) -> None:
    path = photo(tmp_path, "1.png")
    given = [
        Prediction(0, path, np.array([0.9, 0.1], np.float32)),
        Prediction(1, str(tmp_path / "gone.png"), np.array([0.4, 0.6], np.float32), corrected=0),
        Prediction(2, "/x.png", error="The file is empty"),
    ]
    page = _Page(rendered("html", results(given)))
    (picture,) = page.all("img")
    assert (picture["src"] or "").startswith("data:image/jpeg;base64,")
    assert picture["alt"] == "1.png: cat 90.0 %"
    assert not page.all("script")
    assert not page.all("link")
    policy = [one["content"] for one in page.all("meta") if one.get("http-equiv")]
    assert policy == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]
    text = " ".join(page.texts)
    for words in (
        "3 photos",
        "Could not be read",
        "The file is empty",
        "said by a person",
        "not there any more",
    ):
        assert words in text
    assert len(page.all("rect")) == 20


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>\" onerror='x'.png"
    given = [
        Prediction(0, str(tmp_path / name.replace("/", "_")), np.array([0.9, 0.1], np.float32)),
        Prediction(1, f"/{name}", error="<b>bad</b>"),
    ]
    page = _Page(rendered("html", results(given, ("<img src=x>", "</style><script>"))))
    assert not page.all("script")
    assert not page.all("img")
    assert all("onerror" not in attributes for _, attributes in page.elements)


def test_the_report_stays_small_and_says_what_is_left_out(tmp_path: Path) -> None:
    path = photo(tmp_path, "1.png")
    many = [Prediction(n, path, np.array([0.99, 0.01], np.float32)) for n in range(report.MOST_PER_CLASS * 4)]
    page = _Page(rendered("html", results(many)))
    assert len(page.all("img")) == report.MOST_PER_CLASS
    assert f"{report.MOST_PER_CLASS} of them are shown." in " ".join(page.texts)


def test_a_report_on_many_classes_stays_below_ten_megabytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (160, 160, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "0.png")
    names = tuple(f"class {number}" for number in range(1000))
    scores = np.eye(1000, dtype=np.float32)
    given = []
    for number in range(1000):
        path = tmp_path / f"{number}.png"
        if number:
            path.hardlink_to(tmp_path / "0.png")
        given.append(Prediction(number, str(path), scores[number]))
    content = rendered("html", results(given, names))
    page = _Page(content)
    assert len(content) < 10_000_000
    assert 100 < len(page.all("img")) < 1000
    assert "0 of them are shown." in " ".join(page.texts)
    assert "not there any more" not in " ".join(page.texts)


def test_a_workbook_without_room_for_its_parts_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook.tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(InputError, match="temporary files"):
        exports.save(tmp_path / "out.xlsx", results())
    assert not (tmp_path / "out.xlsx").exists()


def test_the_ending_chooses_the_format(tmp_path: Path) -> None:
    for known in FORMATS:
        target = tmp_path / f"out{known.suffix.upper()}"
        exports.save(target, results())
        assert target.stat().st_size > 0
    with pytest.raises(InputError, match="endings"):
        exports.save(tmp_path / "out.doc", results())


def test_a_stopped_export_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    with pytest.raises(Stopped):
        exports.save(target, results(), should_stop=lambda: True)
    assert target.read_text() == "old"


def test_progress_reaches_the_whole() -> None:
    told: list[tuple[int, int]] = []
    documents.render_jsonl(results(), lambda done, total: told.append((done, total)), lambda: False)
    assert told[-1] == (4, 4)
