"""What is done so that few photos say more: changed versions to learn from, and folds to judge by."""

FOLDS_BELOW = 3000
"""With fewer photos in all none is kept apart: that many say enough about a model, and one learns from all."""

_FOLDS, _MANY_FOLDS, _FEW_PHOTOS = 5, 10, 200
"""With few photos the models that judge shall learn from nearly as many as the model that is kept."""

_PICTURES = 6000
"""So many pictures are learned from at most, mirror images counted, where there are versions at all."""


MOST_FOLDS = max(_FOLDS, _MANY_FOLDS)


def worthwhile(wanted: int, photos: int) -> int:
    """How many changed versions of each photo to make: `wanted`, and fewer where there are many photos."""
    return max(0, min(wanted, _PICTURES // max(1, photos) - 2))


def folds_of(photos: int) -> int:
    """In how many folds photos are judged of which none is kept apart."""
    return _MANY_FOLDS if photos < _FEW_PHOTOS else _FOLDS
