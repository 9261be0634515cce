"""What macOS is told about the app: which files it opens, and who it is."""

IDENTIFIER = "io.github.scenedesktop.SceneDesktop"
MODEL_TYPE = f"{IDENTIFIER}.model"


def information(version: str) -> dict[str, object]:
    """The keys of Info.plist besides those that PyInstaller fills in."""
    return {
        "CFBundleDisplayName": "Scene Desktop",
        "CFBundleShortVersionString": version,
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "Copyright the Scene Desktop contributors. Apache License 2.0",
        "NSRequiresAquaSystemAppearance": False,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Scene Desktop model",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [MODEL_TYPE],
            },
            {
                "CFBundleTypeName": "Photos and folders",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.image", "public.folder"],
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": MODEL_TYPE,
                "UTTypeDescription": "Scene Desktop model",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": ["scenemodel"]},
            }
        ],
    }
