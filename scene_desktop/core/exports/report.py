"""A report for people: one HTML file with counts and pictures that any browser shows without network."""

import base64
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from itertools import islice

import numpy as np
from PIL import Image

from scene_desktop.core.classify.predictions import Prediction, Tally, tally
from scene_desktop.core.errors import PhotoError, Stopped
from scene_desktop.core.exports.report_style import STYLE
from scene_desktop.core.exports.results import Results
from scene_desktop.core.photos import images
from scene_desktop.core.text import one_line
from scene_desktop.core.threads import ReportProgress, ShouldStop

MOST_PICTURES = 400
MOST_PER_CLASS = 24
MOST_UNSURE = 60
MOST_UNREADABLE = 500
_BYTES = 7_000_000
"""Pictures are added until they take so much; what is left out is told."""

_SIDE = 160
_BINS = 20
_THREADS = 2


def render(results: Results, progress: ReportProgress, should_stop: ShouldStop) -> bytes:
    """The page as UTF-8; a few megabytes at most.

    Raises:
        Stopped: `should_stop` said so.
    """
    sections = _sections(results)
    pictures = _pictures([one for _, _, chosen in sections for one in chosen], progress, should_stop)
    counts = tally(results.predictions, len(results.classes), results.threshold)
    parts = [*_head(results, counts), *_counts(results, counts), *_histogram(results)]
    for title, total, chosen in sections:
        shown = [one for one in chosen if one.path in pictures]
        parts += _section(title, total, shown, results, pictures)
    parts += _unreadable(results)
    parts.append("</main></body></html>\n")
    return "\n".join(parts).encode("utf-8", "backslashreplace")


def _sections(results: Results) -> list[tuple[str, int, list[Prediction]]]:
    """Title, number of all photos, and the photos that are shown: the unsure ones, then each class."""
    unsure = [one for one in results.predictions if one.is_unsure(results.threshold)]
    by_class: list[list[Prediction]] = [[] for _ in results.classes]
    for one in results.predictions:
        if one.label is not None and not one.is_unsure(results.threshold):
            by_class[one.label].append(one)
    each = max(1, min(MOST_PER_CLASS, MOST_PICTURES // max(1, len(results.classes))))
    found = [("Unsure, least sure first", len(unsure), sorted(unsure, key=_confidence)[:MOST_UNSURE])]
    for name, members in zip(results.classes, by_class, strict=True):
        ranked = sorted(members, key=_confidence, reverse=True)
        if len(ranked) > each:
            surest = max(1, each * 2 // 3)
            ranked = [*ranked[:surest], *ranked[len(ranked) - each + surest :]]
        found.append((name, len(members), ranked))
    return [section for section in found if section[1]]


def _confidence(prediction: Prediction) -> float:
    return prediction.confidence or 0.0


def _pictures(
    wanted: Sequence[Prediction], progress: ReportProgress, should_stop: ShouldStop
) -> dict[str, str | None]:
    """By path: a data address, or None where the photo cannot be read any more; without what is too much."""
    made: dict[str, str | None] = {}
    size = 0
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting = iter(dict.fromkeys(one.path for one in wanted))
        total = len({one.path for one in wanted})
        while size < _BYTES and (batch := list(islice(waiting, 2 * _THREADS))):
            if should_stop():
                raise Stopped
            made.update(zip(batch, pool.map(_picture, batch), strict=True))
            size += sum(len(made[path] or "") for path in batch)
            progress(len(made), total)
    return made


def _picture(path: str) -> str | None:
    try:
        pixels = images.decode_photo(images.read_bytes(path), (_SIDE, _SIDE), fit=True)
    except PhotoError:
        return None
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _text(text: str) -> str:
    return escape(one_line(text))


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count:,} photos"


def _head(results: Results, counts: Tally) -> Iterator[str]:
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{_photos(counts.total)} classified by {_text(results.model)}</title>"
    yield f"<style>{STYLE}</style></head><body><main><header>"
    yield f"<h1>{_photos(counts.total)}</h1>"
    yield (
        f"<p>Classified by the model “{_text(results.model)}”, saved on {results.when:%Y-%m-%d} at "
        f"{results.when:%H:%M}. Photos below a confidence of {_percent(results.threshold)} are called "
        "unsure.</p></header>"
    )


def _counts(results: Results, counts: Tally) -> Iterator[str]:
    corrected = sum(one.corrected is not None for one in results.predictions)
    rows = [*zip(results.classes, counts.by_class, strict=True)]
    rows += [("Unsure", counts.unsure), ("Could not be read", counts.failed)]
    most = max(1, *(count for _, count in rows))
    yield '<section><h2>Counts</h2><table><thead><tr><th scope="col">Class</th><th scope="col">Photos</th>'
    yield '<th scope="col">Share</th><td></td></tr></thead><tbody>'
    for name, count in rows:
        share = count / counts.total if counts.total else 0.0
        yield (
            f'<tr><th scope="row">{_text(name)}</th><td>{count:,}</td><td>{_percent(share)}</td>'
            f'<td class="bar"><span style="width:{100 * count / most:.1f}%"></span></td></tr>'
        )
    yield "</tbody></table>"
    if corrected:
        yield f"<p>The class of {_photos(corrected)} was said by a person.</p>"
    yield "</section>"


def _histogram(results: Results) -> Iterator[str]:
    values = [one.confidence for one in results.predictions if one.confidence is not None]
    if not values:
        return
    bins, _ = np.histogram(values, bins=_BINS, range=(0.0, 1.0))
    most, width, height = int(bins.max()), 600, 140
    step = width / _BINS
    yield "<section><h2>How sure the model was</h2>"
    yield (
        f'<svg viewBox="0 0 {width} {height + 22}" role="img" aria-label="Number of photos by confidence, from '
        f'0 to 100 percent">'
    )
    for number, count in enumerate(bins.tolist()):
        tall = height * count / most
        low, high = number * 100 // _BINS, (number + 1) * 100 // _BINS
        kind = "low" if high / 100 <= results.threshold else "high"
        yield (
            f'<rect class="{kind}" x="{number * step + 1:.1f}" y="{height - tall:.1f}" width="{step - 2:.1f}" '
            f'height="{tall:.1f}"><title>{low} to {high} %: {_photos(count)}</title></rect>'
        )
    place = results.threshold * width
    yield f'<line x1="{place:.1f}" x2="{place:.1f}" y1="0" y2="{height}"/>'
    yield f'<text x="0" y="{height + 16}">0 %</text>'
    yield f'<text x="{width}" y="{height + 16}" text-anchor="end">100 %</text></svg></section>'


def _section(
    title: str, total: int, shown: Sequence[Prediction], results: Results, pictures: dict[str, str | None]
) -> Iterator[str]:
    yield f"<section><h2>{_text(title)} <small>{_photos(total)}</small></h2>"
    if len(shown) < total:
        yield f"<p>{len(shown):,} of them are shown.</p>"
    yield '<div class="grid">'
    for one in shown:
        yield _figure(one, results, pictures.get(one.path))
    yield "</div></section>"


def _figure(one: Prediction, results: Results, picture: str | None) -> str:
    name = _text(one.path.replace("\\", "/").rsplit("/", 1)[-1])
    best, label = one.best or 0, one.label or 0
    verdict = f"{_text(results.classes[label])}"
    if one.corrected is None:
        verdict += f" {_percent(_confidence(one))}"
    elif best != label:
        verdict += f" (said by a person; the model thought {_text(results.classes[best])})"
    else:
        verdict += " (confirmed by a person)"
    shown = "<span>The photo is not there any more</span>"
    if picture is not None:
        shown = f'<img src="{picture}" alt="{name}: {verdict}" loading="lazy">'
    caption = f"<figcaption><b>{name}</b><br>{verdict}</figcaption>"
    return f'<figure title="{_text(one.path)}">{shown}{caption}</figure>'


def _unreadable(results: Results) -> Iterator[str]:
    failed = [one for one in results.predictions if one.scores is None]
    if not failed:
        return
    yield f"<section><h2>Could not be read <small>{_photos(len(failed))}</small></h2>"
    if len(failed) > MOST_UNREADABLE:
        yield f"<p>{MOST_UNREADABLE:,} of them are listed.</p>"
    yield "<ul>"
    for one in failed[:MOST_UNREADABLE]:
        yield f"<li><code>{_text(one.path)}</code>: {_text(one.error or '')}</li>"
    yield "</ul></section>"
