"""What the compared networks of 2012 changed, beside what the paper says they changed.

Read in `layers/layers-145.cfg`, `-147.cfg` and `-148.cfg` of the released code; their
errors stand in `hand_schedules`.
"""

from dataclasses import dataclass

from alexnet_lib.architecture.arithmetic import window_output_size

# name in the configuration: what it normalises over
NORMALISERS = {
    "rnorm1": "5 channels, behind conv1",
    "rnorm2": "5 channels, behind conv2's ReLU",
    "cnorm2": "5 x 5 pixels of one channel, behind rnorm2",
}
IN_THE_PAPER = ("rnorm1", "rnorm2")
SECOND_PLACE = 26.2  # %, top-5 error of the contest of 2012 (paper, section 6, Table 2)


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The settings in which the three networks differ; pixels, but for the names."""

    normalisers: tuple[str, ...] = tuple(NORMALISERS)
    pool_size: int = 3
    conv2_padding: int = 2
    conv5_padding: int = 1

    def differences(self, other: "Configuration") -> list[str]:
        """Each setting that the other has otherwise, in words."""
        found = []
        for name in NORMALISERS:
            if (name in self.normalisers) != (name in other.normalisers):
                verb = "has no" if name in self.normalisers else "adds"
                found.append(f"{verb} {name} ({NORMALISERS[name]})")
        for setting in ("pool_size", "conv2_padding", "conv5_padding"):
            ours, theirs = getattr(self, setting), getattr(other, setting)
            if ours != theirs:
                name = setting.replace("_", " ")
                found.append(f"{name} {theirs} instead of {ours}")
        return found

    def sides(self) -> dict[str, int]:
        """The side of the map behind each layer, in pixels, by the 2012 rounding."""
        windows = (  # name, kernel size, stride, padding
            ("conv1", 11, 4, 0),
            ("pool1", self.pool_size, 2, 0),
            ("conv2", 5, 1, self.conv2_padding),
            ("pool2", self.pool_size, 2, 0),
            ("conv3", 3, 1, 1),
            ("conv4", 3, 1, 1),
            ("conv5", 3, 1, self.conv5_padding),
            ("pool5", self.pool_size, 2, 0),
        )
        side, found = 224, {}
        for name, kernel_size, stride, padding in windows:
            side = window_output_size(side, kernel_size, stride, padding, "ceil")
            found[name] = side
        return found


CONFIGURATIONS = {
    "145": Configuration(),
    "147": Configuration(pool_size=2, conv2_padding=1, conv5_padding=0),
    "148": Configuration(normalisers=()),
}
