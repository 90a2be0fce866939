"""A helpdesk's own actions: every `rasa_sdk.Action` in the module or package that it names.

As with rasa-sdk's `--actions`: `BALIE_ACTION_PACKAGE=helpdesk.actions`. The package must be importable; it is
installed code, never a file of the data folder.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from rasa_sdk import Action

from bot.model.errors import ConfigError


def load_actions(package: str) -> list[Action]:
    """An instance of every action class defined in `package` and its submodules; they take no arguments."""
    try:
        root = importlib.import_module(package)
        modules = [root, *_submodules(root)]
    except Exception as error:  # importing runs somebody's code
        raise ConfigError(
            f"BALIE_ACTION_PACKAGE names '{package}', which cannot be imported: "
            f"{type(error).__name__}: {error}"
        ) from error
    actions: dict[str, Action] = {}
    for module in modules:
        for _, found in inspect.getmembers(module, inspect.isclass):
            if (
                not issubclass(found, Action)
                or not found.__module__.startswith(package)
                or inspect.isabstract(found)
            ):
                continue
            try:
                action = found()
                actions[action.name()] = action
            except NotImplementedError:
                continue  # a base class without a name
            except TypeError as error:
                raise ConfigError(
                    f"the action {found.__module__}.{found.__qualname__} cannot be made: {error}. "
                    "Its constructor must work without arguments."
                ) from error
    return list(actions.values())


def _submodules(root: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(getattr(root, "__path__", []), root.__name__ + "."):
        yield importlib.import_module(found.name)
