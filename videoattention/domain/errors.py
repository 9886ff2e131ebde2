"""What the rules answer when a step is not possible."""

from __future__ import annotations


class StepRefused(Exception):
    """A rule refused a step and nothing changed.

    ``code`` is stable, for programs and for the catalogue of sentences; the message is for the log of a developer.
    """

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the stable code beside the sentence."""
        super().__init__(sentence)
        self.code = code


class IllegalStep(StepRefused):
    """The step does not exist in this stage."""

    def __init__(self, machine: str, stage: str, step: str) -> None:
        """Say which machine refused which step in which stage."""
        super().__init__("illegal_step", f"{machine}: no step {step!r} from {stage!r}")
        self.stage = stage
        self.step = step
