"""The form of a share file, and what is said when it is broken.

One safetensors file: eight bytes with the length of the header, the header as JSON, the numbers. Its
`__metadata__` holds, all as text,

- `scenemodel`: the version of this form;
- `card`: the `ModelCard` as JSON, without what only means something on the sender's computer;
- `evaluation`: the `Evaluation` as JSON, where there is one and it has room;
- `sha256`: of all bytes behind the header.

Photos, their names and their folders are never in it.
"""

from scene_desktop.core.sharing.strict_json import Limits

SUFFIX = ".scenemodel"
VERSION = 1
LARGEST_FILE = 512 * 2**20
LARGEST_HEADER = 2**20

METADATA = "__metadata__"
VERSION_KEY, CARD_KEY, EVALUATION_KEY, DIGEST_KEY = "scenemodel", "card", "evaluation", "sha256"

HEADER_LIMITS = Limits(containers=600, commas=3_000, strings=3_000)
CARD_LIMITS = Limits(containers=20, commas=2_000, strings=2_000)

DAMAGED = "Ask the sender for the file again."
FOREIGN = "Ask the sender for the file that Scene Desktop writes with “Share…”; its name ends in .scenemodel."
NEWER = "Update Scene Desktop, then import it again."


class Unfit(Exception):  # noqa: N818 - becomes a `ModelFileError` that names the file
    """Why a file is refused.

    Args:
        reason: Goes on after the name of the file: “is no share file”.
        advice: The next step, a sentence.
    """

    def __init__(self, reason: str, advice: str = DAMAGED) -> None:
        super().__init__(reason)
        self.advice = advice


def evaluation_limits(class_count: int) -> Limits:
    """What the results of a model with so many classes may hold."""
    return Limits(
        containers=2 * class_count + 1_100,
        commas=class_count * (class_count + 7) + 4_000,
        strings=6 * class_count + 3_100,
    )
