"""On what a measurement was taken, and how its figures are summed up."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path


def machine() -> dict[str, str]:
    """Processor, cores, memory, system and Python of this machine."""
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines()] if info.exists() else []
    model = next((n for line, n in zip(info.read_text().splitlines(), names, strict=True) if "model name" in line), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model or platform.processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and largest of some durations, in milliseconds."""
    ordered = sorted(seconds)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {
        "median_ms": round(statistics.median(ordered) * 1000, 1),
        "p99_ms": round(last * 1000, 1),
        "max_ms": round(ordered[-1] * 1000, 1),
    }
