"""What Windows shows in the properties of the executables."""

from PyInstaller.utils.win32.versioninfo import (
    FixedFileInfo,
    StringFileInfo,
    StringStruct,
    StringTable,
    VarFileInfo,
    VarStruct,
    VSVersionInfo,
)

_ENGLISH, _UNICODE = 0x0409, 1200


def version_info(name: str, title: str, version: str) -> VSVersionInfo:
    """The version resource of the executable `name`.exe; `version` is of the form 1.2.3."""
    numbers = (*map(int, version.split(".")[:3]), 0)
    words = {
        "CompanyName": "Scene Desktop contributors",
        "FileDescription": title,
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "Copyright the Scene Desktop contributors. Apache License 2.0",
        "OriginalFilename": f"{name}.exe",
        "ProductName": title,
        "ProductVersion": version,
    }
    table = StringTable(f"{_ENGLISH:04x}{_UNICODE:04x}", [StringStruct(*pair) for pair in words.items()])
    return VSVersionInfo(
        ffi=FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[StringFileInfo([table]), VarFileInfo([VarStruct("Translation", [_ENGLISH, _UNICODE])])],
    )
