"""What reading one file may cost: memory, time, expanded size."""

from __future__ import annotations

from dataclasses import dataclass

from analytics import settings

_LEAST_MEMORY_BYTES = 1 << 30  # a small file never needs more, so a bomb ends here
_MEMORY_PER_BYTE = 12  # a workbook is held whole while it is read
_LEAST_SECONDS = 25
_SECONDS_PER_MEGABYTE = 1.0  # ten times what the slowest reader needs


@dataclass(frozen=True)
class Limits:
    """Ceilings for the process that reads one file."""

    memory_bytes: int
    seconds: float
    expanded_bytes: int

    def for_file(self, size_bytes: int) -> Limits:
        """Return the limits for a file of a size: what it could need at most, within the ceilings."""
        return Limits(
            min(self.memory_bytes, _LEAST_MEMORY_BYTES + _MEMORY_PER_BYTE * size_bytes),
            min(self.seconds, _LEAST_SECONDS + _SECONDS_PER_MEGABYTE * size_bytes / 1e6),
            self.expanded_bytes,
        )


def usual_limits() -> Limits:
    """Return the ceilings of this installation (settings)."""
    return Limits(settings.intake_memory_mb() << 20, settings.intake_seconds(), settings.intake_expanded_mb() << 20)
