; Inno Setup 6: the installer for Windows, for one person or for all. Not tried by the developers yet.
; iscc /DVersion=0.1.0 packaging\windows\scene-desktop.iss
#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0
#endif
#define Title "Scene Desktop"
#define Model "SceneDesktop.Model"

[Setup]
AppId={{6F1C9A0E-5E0B-4B39-9C57-2B0C6B0D3A41}
AppName={#Title}
AppVersion={#Version}
AppPublisher=Scene Desktop contributors
DefaultDirName={autopf}\{#Title}
DefaultGroupName={#Title}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=scene-desktop-{#Version}-windows-x64
UninstallDisplayIcon={app}\{#Title}.exe
Compression=lzma2
SolidCompression=yes
ChangesAssociations=yes
CloseApplications=yes

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "..\..\dist\scene-desktop\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
; An upgrade must not leave libraries of the older version behind.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\{#Title}"; Filename: "{app}\{#Title}.exe"
Name: "{autodesktop}\{#Title}"; Filename: "{app}\{#Title}.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.scenemodel"; ValueType: string; ValueData: "{#Model}"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\{#Model}"; ValueType: string; ValueData: "{#Title} model"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#Model}\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Title}.exe,0"
Root: HKA; Subkey: "Software\Classes\{#Model}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Title}.exe"" ""%1"""

[Run]
Filename: "{app}\{#Title}.exe"; Description: "{cm:LaunchProgram,{#Title}}"; Flags: nowait postinstall skipifsilent
