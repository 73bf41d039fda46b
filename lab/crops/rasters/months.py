"""Composites of whole months, where a season's periods are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from lab.crops.stack import Period

_FEWEST = 3  # images, before they count as monthly


def monthly(days: Sequence[date]) -> bool:
    """Return whether images are composites of months: several, each dated the first of one."""
    return len(set(days)) >= _FEWEST and all(day.day == 1 for day in days)


def month_of(period: Period) -> int:
    """Return the month in which the middle of a period lies."""
    return (date(2021, 1, 1) + timedelta(days=period.middle - 1)).month


def months_taken(days: Sequence[date], periods: Sequence[Period]) -> str:
    """Say which periods take the composite of a month, for want of an image of their own.

    Args:
        days: of the images.
        periods: of the season.

    Returns:
        A sentence, "" where the images are not monthly or every period has its own.
    """
    if not monthly(days):
        return ""
    months, taken = {day.month for day in days}, []
    for period in periods:
        own = any(period.first <= (day.month, day.day) <= period.last for day in days)
        if not own and (month := month_of(period)) in months:
            taken.append(f"{period.label.split(',')[0]} takes {date(2021, month, 1):%B}")
    return f"Monthly images: {', '.join(taken)}." if taken else ""
