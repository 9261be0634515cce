"""What the doctor says about a data set: findings, each with its photos. Also the form of `doctor --json`."""

from enum import StrEnum

import msgspec


class FindingKind(StrEnum):
    """What can be wrong with the photos of a data set; the order is that of the report."""

    UNREADABLE = "unreadable"
    DUPLICATES_ACROSS = "duplicates-across-classes"
    DUPLICATES_WITHIN = "duplicates-within-class"
    NEAR_DUPLICATES_ACROSS = "near-duplicates-across-classes"
    NEAR_DUPLICATES_WITHIN = "near-duplicates-within-class"
    ACROSS_SPLIT = "near-duplicates-across-split"
    LABEL_SUSPECTS = "label-suspects"
    TINY = "tiny"
    ODD_SHAPED = "odd-shaped"
    FEW_PHOTOS = "few-photos"
    IMBALANCE = "imbalance"


class FoundPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """One photo of a finding.

    Attributes:
        path: Relative to the data set, with slashes.
        class_name: Of the folder it lies in.
        text: What is wrong with it, for people; empty where the finding says it all.
        suggested: The class it looks like; empty where none is suggested.
        score: How sure the finding is, 0 to 1 (similarity of a near duplicate, doubt about a label).
        excluded: Whether it takes no part in trainings because a person said so.
    """

    path: str
    class_name: str
    text: str = ""
    suggested: str = ""
    score: float = 1.0
    excluded: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to know about a data set.

    Attributes:
        groups: Photos that belong together (copies of each other), or one group for each photo; the first
            photo of a group of copies is the one to keep.
        classes: Classes concerned, where the finding is about classes.
        value: Number that goes with it (the imbalance); 0 where there is none.
    """

    kind: FindingKind
    groups: tuple[tuple[FoundPhoto, ...], ...] = ()
    classes: tuple[str, ...] = ()
    value: float = 0.0

    @property
    def photos(self) -> int:
        return sum(map(len, self.groups))


class DoctorReport(msgspec.Struct, frozen=True, kw_only=True):
    """All findings about one data set.

    Attributes:
        dataset: Its folder.
        counts: Photos by class name, those that are excluded not counted.
        excluded: Paths of the excluded photos, relative to the data set.
        complete: Whether near duplicates and labels were looked at too, not only what reading shows.
    """

    dataset: str
    counts: dict[str, int]
    findings: tuple[Finding, ...]
    excluded: tuple[str, ...] = ()
    complete: bool = False


def with_exclusions(report: DoctorReport, counts: dict[str, int], excluded: tuple[str, ...]) -> DoctorReport:
    """The same findings after a person has excluded photos or taken them back.

    Args:
        counts: Photos that take part, by class name.
        excluded: Paths of those that do not.
    """
    gone = frozenset(excluded)

    def marked(photo: FoundPhoto) -> FoundPhoto:
        return msgspec.structs.replace(photo, excluded=photo.path in gone)

    findings = tuple(
        msgspec.structs.replace(finding, groups=tuple(tuple(map(marked, group)) for group in finding.groups))
        for finding in report.findings
    )
    return msgspec.structs.replace(report, counts=counts, excluded=excluded, findings=findings)
