"""Puts the prompts, which lie beside the package, inside it when it is built. All else is in ``pyproject.toml``."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithPrompts(build_py):
    """Builds the package with ``prompts/*.md`` as ``assistant/prompt_texts/``."""

    def run(self) -> None:
        """Build; in an editable installation the prompts are read where they lie."""
        super().run()
        if not self.editable_mode:
            for prompt in sorted(Path(__file__).parent.joinpath("prompts").glob("*.md")):
                target = Path(self.build_lib, "assistant", "prompt_texts", prompt.name)
                self.mkpath(str(target.parent))
                self.copy_file(str(prompt), str(target))


setup(cmdclass={"build_py": WithPrompts})
