"""What the figures were measured on, in one sentence."""

import platform
from pathlib import Path

from scene_desktop.core.threads import worker_count

_FACTS = Path("/proc/cpuinfo")


def in_words(facts: Path = _FACTS) -> str:
    """Cores, processor, and whether it has AVX-512, as far as the system tells.

    Args:
        facts: Linux' file about the processor.
    """
    cores = worker_count()
    count = "one core" if cores == 1 else f"{cores} cores"
    try:
        lines = [line.partition(":") for line in facts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return f"Measured on {count} of “{platform.processor() or platform.machine()}”."
    told = {name.strip(): value.strip() for name, _, value in lines}
    name = told.get("model name") or platform.machine()
    has = "with" if "avx512f" in told.get("flags", "").split() else "without"
    return f"Measured on {count} of “{name}” {has} AVX-512."
