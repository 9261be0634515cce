import os
import unicodedata

import pytest

from scene_desktop.core.sorting.naming import TakenNames, folder_names, safe_folder, same_name


@pytest.mark.parametrize(
    ("label", "folder"),
    [
        ("sea", "sea"),
        ("a/b\\c", "a_b_c"),
        ("../../etc", "__.._etc"),
        (".hidden", "_hidden"),
        ("..", "class"),
        ("", "class"),
        ("  spaces and dots. . ", "spaces and dots"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("console", "console"),
        ("a\nb\x00c\u202ed", "a_b_c_d"),
        ('what? "this": <that>|*', "what_ _this__ _that___"),
        (unicodedata.normalize("NFD", "Gebäude"), "Gebäude"),
        ("x" * 500, "x" * 80),
    ],
)
def test_class_names_become_safe_folder_names(label: str, folder: str) -> None:
    assert safe_folder(label) == folder


def test_long_names_in_any_script_fit_every_disk(tmp_path: os.PathLike[str]) -> None:
    for label in ("海" * 300, "🏔" * 300, "á" * 300):
        os.mkdir(os.path.join(tmp_path, safe_folder(label)))


def test_no_two_classes_share_a_folder_nor_take_ours() -> None:
    names = folder_names(["a/b", "a\\b", "A_B", "_unsure", "_UNREADABLE", "Café", "CAFE\u0301", "a_b 2"])
    assert len({same_name(name) for name in names}) == len(names)
    assert names[:3] == ["a_b", "a_b 2", "A_B 3"]
    assert same_name("_unsure") not in {same_name(name) for name in names}
    assert same_name("_unreadable") not in {same_name(name) for name in names}


def test_free_names_count_up_whatever_their_case() -> None:
    names = TakenNames(["IMG.jpg", "img 3.JPG"])
    assert [names.promise("Img.JPG") for _ in range(3)] == ["Img 2.JPG", "Img 4.JPG", "Img 5.JPG"]
    assert names.promise("other") == "other"
    assert names.promise("OTHER") == "OTHER 2"


def test_a_new_name_is_never_too_long() -> None:
    longest = "ü" * 125 + ".jpg"
    names = TakenNames([longest], room=4)
    new = names.promise(longest)
    assert new.endswith(" 2.jpg")
    assert len(os.fsencode(new)) <= 251
