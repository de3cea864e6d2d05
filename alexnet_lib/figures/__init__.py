"""Data in, Axes drawn, a sentence out."""

from alexnet_lib.figures.style import show, use_course_style

__all__ = ["show", "use_course_style"]
