"""The runs that the notebooks replay, as data: what, how, and from which seeds."""

from dataclasses import replace

from alexnet_lib.commands.experiment import RATE_SEEDS, SEEDS, Experiment, make_grid
from alexnet_lib.commands.experiments_colour import COLOUR, MODERN
from alexnet_lib.commands.job import Job
from alexnet_lib.training.recipes import find_recipe


def _sick(name: str, variant: str, recipe: str, **job: object) -> dict[str, Job]:
    """A run judged by validation images, its rate or epochs changed where named."""
    changes = {key: job.pop(key) for key in ("learning_rate", "epochs") if key in job}
    return {
        f"sick_{name}": Job(
            variant=variant,
            recipe=replace(find_recipe(recipe), **changes),
            seed=0,
            resize=112,
            validate=True,
            experiment="sick",
            **{"train_limit": 12_000} | job,
        )
    }


PLAIN, FEW, EPOCHS = "ALEXNET_QUARTER", 2_400, 8
PARTS = {  # what is exchanged in the quarter-width network, and its recipe
    "ALEXNET_QUARTER": "quick_plain",
    "ALEXNET_QUARTER_LRN": "quick_plain",
    "ALEXNET_QUARTER_BN": "quick",
    "ALEXNET_QUARTER_POOL2": "quick_plain",
    "ALEXNET_QUARTER_LINEAR": "quick_plain",
}
# One seed and two fifths of the images tell rates apart that differ by a factor.
BRIEFLY = {"rate_seeds": RATE_SEEDS[:1], "rate_images": 24_000}
DROPOUTS = (
    "ALEXNET_QUARTER_DROP0",
    "ALEXNET_QUARTER_DROP2",
    "ALEXNET_QUARTER",  # 0.5
    "ALEXNET_QUARTER_DROP8",
)

EXPERIMENTS = {
    "lenet_grid": Experiment(
        runs=make_grid(
            "lenet_grid",
            {
                "LENET5": "lenet_sigmoid",
                "LENET5_SIGMOID_MAX": "lenet_sigmoid_max",
                "LENET5_RELU_AVG": "lenet_relu_avg",
                "LENET5_RELU": "lenet_relu",
            },
            SEEDS,
            precision="float32",
        ),
        rates={
            "LENET5": (0.1, 0.3, 1.0, 3.0, 10.0),
            "LENET5_SIGMOID_MAX": (0.1, 0.3, 1.0, 3.0, 10.0),
            "LENET5_RELU_AVG": (0.03, 0.1, 0.3, 1.0),
            "LENET5_RELU": (0.03, 0.1, 0.3, 1.0),
        },
        shipped={"lenet_grid_lenet5_relu_seed0": "lenet.safetensors"},
    ),
    "course": Experiment(
        runs=make_grid("course", {"ALEXNET_D2L": "course"}, SEEDS[:1]),
        shipped={"course_d2l_seed0": "d2l.safetensors"},
        ranks={"course_d2l_seed0": {"fc6": 64, "fc7": 64}},
        filters={"course_d2l_seed0": "filters_d2l.safetensors"},
    ),
    "d2l": Experiment(runs=make_grid("d2l", {"ALEXNET_D2L": "d2l"}, SEEDS[:1])),
    "quick": Experiment(
        runs=make_grid(
            "quick", {"ALEXNET_QUARTER_BN": "quick"}, SEEDS, enlarge="floats"
        ),
        shipped={"quick_quarter_bn_seed0": "quarter.safetensors"},
        filters={"quick_quarter_bn_seed0": "filters_quarter.safetensors"},
    ),
    "resolution": Experiment(
        runs=make_grid(
            "resolution",
            {"ALEXNET_QUARTER_BN_28": "quick", "ALEXNET_QUARTER_BN_56": "quick"},
            SEEDS,
        )
        # at 224 these are the runs of `quick`
        | make_grid("resolution", {"ALEXNET_QUARTER_BN": "quick"}, SEEDS, resize=112),
    ),
    # `resolution` changes pixels and the places of conv1 together; this, pixels alone.
    "places": Experiment(
        runs=make_grid("places", {"ALEXNET_QUARTER_BN_56_DENSE": "quick"}, SEEDS),
    ),
    "parts": Experiment(
        runs=make_grid("parts", PARTS, SEEDS, resize=112),
        # Without ReLU the network diverges at 0.005 and above.
        rates=dict.fromkeys(PARTS, (0.005, 0.01, 0.02, 0.05))
        | {"ALEXNET_QUARTER_BN": (0.02, 0.05, 0.1, 0.2)}
        | {"ALEXNET_QUARTER_LINEAR": (0.0003, 0.001, 0.003)},
        **BRIEFLY,
    ),
    "constant": Experiment(
        runs=make_grid("constant", {PLAIN: "quick_constant"}, SEEDS, resize=112),
        rates={PLAIN: (0.001, 0.003, 0.01, 0.03)},
        **BRIEFLY,
    ),
    "dropout": Experiment(
        runs=make_grid(
            "dropout",
            dict.fromkeys(DROPOUTS, "quick_plain"),
            SEEDS,
            part="_60000",
            resize=112,
        )
        | make_grid(
            "dropout",
            dict.fromkeys(DROPOUTS, "few_images"),
            SEEDS,
            part="_2000",
            resize=112,
            train_limit=2_000,
        ),
    ),
    "sick": Experiment(
        runs={
            **_sick("healthy", PLAIN, "quick_plain", epochs=EPOCHS),
            **_sick(
                "rate_too_high",
                PLAIN,
                "quick_plain",
                epochs=EPOCHS,
                learning_rate=0.3,
            ),
            **_sick(
                "rate_too_low",
                PLAIN,
                "quick_constant",
                epochs=EPOCHS,
                learning_rate=1e-5,
            ),
            **_sick(
                "overfitting", "ALEXNET_QUARTER_DROP0", "few_images", train_limit=FEW
            ),
            **_sick(
                "shuffled_labels",
                "ALEXNET_QUARTER_DROP0",
                "few_images",
                train_limit=FEW,
                fault="shuffled_labels",
            ),
            **_sick(
                "validated_in_train_mode",
                PLAIN,
                "quick_plain",
                epochs=EPOCHS,
                fault="validated_in_train_mode",
            ),
        }
    ),
    "mnist": Experiment(
        runs=make_grid(
            "mnist", {"ALEXNET_MNIST": "mnist_tutorial"}, SEEDS[:1], dataset="MNIST"
        ),
    ),
    "augmentation": Experiment(
        runs={
            f"augmentation_{num_images}_{augmentation}_seed{seed}": Job(
                variant="LENET5_RELU",
                recipe=replace(
                    find_recipe("quick_plain"),
                    name="augmentation",
                    learning_rate=0.05,
                    epochs=epochs,
                    augmentation=augmentation,
                ),
                seed=seed,
                train_limit=num_images,
                precision="float32",
                experiment="augmentation",
            )
            for num_images, epochs in ((2_000, 40), (60_000, 4))
            for augmentation in ("none", "flip", "flip_crop")
            for seed in SEEDS
        },
    ),
    "modern": MODERN,
    "colour": COLOUR,
}
