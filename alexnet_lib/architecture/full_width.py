"""The eight-layer network for 1000 classes, in its dialects. Pure Python.

The 2012 code is github.com/computerhistory/AlexNet-Source-Code; "the paper" is
Krizhevsky, Sutskever and Hinton, NIPS 2012.
"""

from alexnet_lib.architecture.blocks import (
    classifier,
    classifier_dropout_first,
    conv3_to_5,
)
from alexnet_lib.architecture.spec import (
    AdaptiveAvgPool2d,
    Conv2d,
    LocalResponseNorm,
    MaxPool2d,
    ModelSpec,
    ReLU,
    ZeroPad2d,
)

# --- 2012: the paper, the code that was run, and Caffe's reordering -------------------
ALEXNET_2012 = ModelSpec(
    name="AlexNet (2012, the paper's layers on 227 pixels)",
    input_shape=(3, 227, 227),
    layers=(
        Conv2d(name="conv1", out_channels=96, kernel_size=11, stride=4),
        ReLU(name="relu1"),
        LocalResponseNorm(name="norm1"),
        MaxPool2d(name="pool1"),
        Conv2d(name="conv2", out_channels=256, kernel_size=5, padding=2, groups=2),
        ReLU(name="relu2"),
        LocalResponseNorm(name="norm2"),
        MaxPool2d(name="pool2"),
        *conv3_to_5((384, 384, 256), groups=2),
        ReLU(name="relu5"),
        MaxPool2d(name="pool5"),
        *classifier(4096, 1000),
    ),
)

# Configuration 145. Its second, spatial normalisation (`cnorm2`) is left out: it has no
# parameters, the paper does not mention it, and its kernel is not in the released code.
ALEXNET_2012_SOURCE = ModelSpec(
    name="AlexNet (2012, configuration 145 of the released code)",
    input_shape=(3, 224, 224),
    rounding="ceil",
    layers=(
        Conv2d(name="conv1", out_channels=96, kernel_size=11, stride=4),
        LocalResponseNorm(name="norm1", alpha_on="mean", groups=2),
        MaxPool2d(name="pool1"),
        ReLU(name="relu1"),
        Conv2d(name="conv2", out_channels=256, kernel_size=5, padding=2, groups=2),
        ReLU(name="relu2"),
        LocalResponseNorm(name="norm2", alpha_on="mean", groups=2),
        MaxPool2d(name="pool2"),
        *conv3_to_5((384, 384, 256), groups=2),
        MaxPool2d(name="pool5"),
        ReLU(name="relu5"),
        *classifier(4096, 1000),
    ),
)

CAFFENET = ModelSpec(
    name="CaffeNet (pooling before normalisation)",
    input_shape=(3, 227, 227),
    layers=(
        Conv2d(name="conv1", out_channels=96, kernel_size=11, stride=4),
        ReLU(name="relu1"),
        MaxPool2d(name="pool1"),
        LocalResponseNorm(name="norm1", alpha_on="mean", k=1.0),
        Conv2d(name="conv2", out_channels=256, kernel_size=5, padding=2, groups=2),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2"),
        LocalResponseNorm(name="norm2", alpha_on="mean", k=1.0),
        *conv3_to_5((384, 384, 256), groups=2),
        ReLU(name="relu5"),
        MaxPool2d(name="pool5"),
        *classifier(4096, 1000),
    ),
)

# --- The same eight layers elsewhere --------------------------------------------------
ALEXNET_KERAS = ModelSpec(
    name="AlexNet (a Keras tutorial's model, finished)",
    input_shape=(3, 224, 224),
    layers=(
        ZeroPad2d(name="pad1", left=3, top=3),
        Conv2d(name="conv1", out_channels=96, kernel_size=11, stride=4),
        LocalResponseNorm(name="norm1"),
        ReLU(name="relu1"),
        MaxPool2d(name="pool1"),
        Conv2d(name="conv2", out_channels=256, kernel_size=5, padding=2, groups=2),
        LocalResponseNorm(name="norm2"),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2"),
        *conv3_to_5((384, 384, 256), groups=2),
        ReLU(name="relu5"),
        MaxPool2d(name="pool5"),
        *classifier(4096, 1000),
    ),
)

ALEXNET_ONE_TOWER = ModelSpec(
    name="AlexNet (one tower, no groups, no normalisation)",
    input_shape=(3, 224, 224),
    layers=(
        Conv2d(name="conv1", out_channels=96, kernel_size=11, stride=4, padding=2),
        ReLU(name="relu1"),
        MaxPool2d(name="pool1"),
        Conv2d(name="conv2", out_channels=256, kernel_size=5, padding=2),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2"),
        *conv3_to_5((384, 384, 256)),
        ReLU(name="relu5"),
        MaxPool2d(name="pool5"),
        *classifier_dropout_first(4096, 1000),
    ),
)

# "One weird trick for parallelizing convolutional neural networks", arXiv 1404.5997.
# Dropout stands before fc6 and fc7 here, not behind them.
ALEXNET_TORCHVISION = ModelSpec(
    name="AlexNet (torchvision)",
    input_shape=(3, 224, 224),
    layers=(
        Conv2d(name="conv1", out_channels=64, kernel_size=11, stride=4, padding=2),
        ReLU(name="relu1"),
        MaxPool2d(name="pool1"),
        Conv2d(name="conv2", out_channels=192, kernel_size=5, padding=2),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2"),
        *conv3_to_5((384, 256, 256)),
        ReLU(name="relu5"),
        MaxPool2d(name="pool5"),
        AdaptiveAvgPool2d(name="avgpool", output_size=6),
        *classifier_dropout_first(4096, 1000),
    ),
)
