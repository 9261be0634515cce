"""What reading a data set shows, in the form of the doctor's report."""

from collections import defaultdict

from scene_desktop.core.datasets.dataset import FEW_PHOTOS, MAX_IMBALANCE, DataSet, LabelledPhoto
from scene_desktop.core.datasets.exclusions import relative_path
from scene_desktop.core.datasets.findings import DoctorReport, Finding, FindingKind, FoundPhoto
from scene_desktop.core.text import encodable


def quick_report(dataset: DataSet) -> DoctorReport:
    """Unreadable photos, exact duplicates (excluded ones stay listed), small classes and imbalance."""
    gone = {photo.path for photo in dataset.excluded}
    by_content: dict[bytes, list[LabelledPhoto]] = defaultdict(list)
    for photo in sorted(dataset.photos + dataset.excluded, key=lambda photo: (photo.path in gone, photo.path)):
        by_content[photo.digest].append(photo)

    def found(photo: LabelledPhoto) -> FoundPhoto:
        path, name = relative_path(dataset.root, photo.path), dataset.classes[photo.label]
        return FoundPhoto(path=path, class_name=name, excluded=photo.path in gone)

    def copies(across: bool) -> tuple[tuple[FoundPhoto, ...], ...]:
        groups = (group for group in by_content.values() if len(group) > 1)
        return tuple(
            tuple(map(found, group)) for group in groups if (len({p.label for p in group}) > 1) is across
        )

    counts = dict(zip(dataset.classes, dataset.counts(), strict=True))
    unreadable = tuple(
        (FoundPhoto(path=path, class_name=path.split("/")[0], text=encodable(photo.reason)),)
        for photo in dataset.unreadable
        for path in (relative_path(dataset.root, photo.path),)
    )
    findings = [
        Finding(kind=FindingKind.UNREADABLE, groups=unreadable),
        Finding(kind=FindingKind.DUPLICATES_ACROSS, groups=copies(True)),
        Finding(kind=FindingKind.DUPLICATES_WITHIN, groups=copies(False)),
        Finding(
            kind=FindingKind.FEW_PHOTOS,
            classes=tuple(name for name, count in counts.items() if count < FEW_PHOTOS),
        ),
    ]
    imbalance = max(counts.values()) / max(1, min(counts.values()))
    if imbalance > MAX_IMBALANCE:
        findings.append(Finding(kind=FindingKind.IMBALANCE, classes=dataset.classes, value=imbalance))
    return DoctorReport(
        dataset=encodable(str(dataset.root)),
        counts=counts,
        findings=tuple(finding for finding in findings if finding.groups or finding.classes),
        excluded=tuple(relative_path(dataset.root, photo.path) for photo in dataset.excluded),
    )
