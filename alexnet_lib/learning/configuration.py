"""How configuration 145 of the released 2012 code draws its weights, tower a.

From `layers/layers-145.cfg`: the name of a layer, initW, and initB where there is one.
`layer.py` reads a missing initB as 0 (line 833), and draws initW * randn (line 807).
"""

LISTING = """\
[conv1a]    initW=0.01
[conv2a]    initW=0.01  initB=1
[conv3a]    initW=0.03
[conv4a]    initW=0.03  initB=1
[conv5a]    initW=0.03  initB=1
[fc2048a]   initW=0.01  initB=1
[fc2048ba]  initW=0.01  initB=1
[fc1000]    initW=0.01"""
# the course's names, in the order of the listing
LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")


def starts() -> dict[str, tuple[float, float]]:
    """Layer: (standard deviation of its weights, bias), read from the listing."""
    found = {}
    for name, line in zip(LAYERS, LISTING.splitlines(), strict=True):
        fields = dict(each.split("=") for each in line.split()[1:])
        found[name] = float(fields["initW"]), float(fields.get("initB", 0))
    return found
