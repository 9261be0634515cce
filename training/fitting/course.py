"""What a fit was: its epochs, and which one is kept. Plain Python."""

from dataclasses import dataclass

from scene_desktop.core.runs.events import EpochEnded


@dataclass(frozen=True)
class Fit:
    """A completed fit; the model has the weights of the best epoch, or of the last one if so wished.

    Attributes:
        epochs: All epochs; the last one is a part if it was asked to finish in the first.
        best_epoch: 1 for the first.
    """

    epochs: tuple[EpochEnded, ...]
    best_epoch: int

    def history_csv(self) -> str:
        """One row an epoch, with the names of `EpochEnded`."""
        names = [name for name in EpochEnded.__struct_fields__ if name != "epochs"]
        rows = [",".join(_cell(getattr(epoch, name)) for name in names) for epoch in self.epochs]
        return "\n".join([",".join(names), *rows]) + "\n"


def _cell(value: object) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value).lower()
