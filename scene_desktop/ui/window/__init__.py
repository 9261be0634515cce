"""The main window, its menus and dialogs, its beginning and its end."""
