"""Puts the verbs together and turns errors into sentences and exit codes."""

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any

import typer

from scene_desktop import __version__
from scene_desktop.commands import (
    VERBS,
    classify,
    doctor,
    inspect,
    runs,
    self_test,
    sharing,
    sort,
    train,
    watch,
)
from scene_desktop.commands.terminal import Exit, complain
from scene_desktop.core.errors import InputError, SceneError, TrainingError
from scene_desktop.core.log import log_to_console

FUNCTIONS: dict[str, Callable[..., int]] = {
    "classify": classify.classify,
    "sort": sort.sort,
    "watch": watch.watch,
    "train": train.train_with_flags(),
    "resume": runs.resume,
    "runs": runs.runs,
    "discard": runs.discard,
    "evaluate": classify.evaluate,
    "doctor": doctor.doctor,
    "models": inspect.models,
    "share": sharing.share,
    "import": sharing.import_,
    "samples": inspect.samples,
    "self-test": self_test.self_test,
}

log = logging.getLogger(__name__)


def _program() -> typer.Typer:
    program = typer.Typer(
        name="scene-desktop",
        help="Train an image classifier on your own photos and classify folders of them. "
        "Without a verb, the window opens.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for verb in VERBS:
        program.command(verb)(_with_exit_code(FUNCTIONS[verb]))

    @program.callback(invoke_without_command=True)
    def root(version: bool = typer.Option(False, "--version", help="Show the version.")) -> None:
        if version:
            typer.echo(f"Scene Desktop {__version__}")
            raise typer.Exit

    return program


def _with_exit_code(function: Callable[..., int]) -> Callable[..., None]:
    @functools.wraps(function)
    def verb(*positional: Any, **named: Any) -> None:
        raise typer.Exit(function(*positional, **named))

    return verb


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code; see `Exit`."""
    log_to_console()
    try:
        _program()(args=list(arguments), prog_name="scene-desktop")
    except SystemExit as ended:
        return int(ended.code or 0)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.FAILED
    except InputError as error:
        complain(str(error))
        return Exit.WRONG_INPUT
    except SceneError as error:
        complain(str(error))
        if isinstance(error, TrainingError) and error.details:
            log.info("%s", error.details)
        return Exit.FAILED
    return Exit.DONE
