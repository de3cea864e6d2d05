"""The helper package of the AlexNet course. Import its rooms one by one."""

__version__ = "0.1.0"
