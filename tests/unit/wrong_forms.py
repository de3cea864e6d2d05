"""What students write in assignments 3 and 4, and what their checks say to it."""

IN_PLACE = """
solved = normalise
def normalise(maps):
    maps[0][0][0] = 0.0
    return solved(maps)
"""
# The three that follow are for ann's copy: a ring of channels, alpha on the sum / N.
OVER_PIXELS = """
def normalise(maps):
    def of_row(row):
        seen = [row[max(0, j - N // 2) : j + N // 2 + 1] for j in range(len(row))]
        energies = [sum(y**2 for y in near) / N for near in seen]
        return [x / (K + ALPHA * e) ** BETA for x, e in zip(row, energies)]
    return [[of_row(row) for row in rows] for rows in maps]
"""
RING = """
def normalise(maps):
    def of_one(c, i, j):
        seen = [maps[s % len(maps)][i][j] for s in range({first}, {first} + N)]
        energy = sum(x**2 for x in seen) {share}
        return maps[c][i][j] / (K + ALPHA * energy) ** BETA
    places = [(i, j) for i in range(len(maps[0])) for j in range(len(maps[0][0]))]
    return [[[of_one(c, *place) for place in places]] for c in range(len(maps))]
"""
FROM_ITSELF_ON = RING.format(first="c", share="/ N")
ON_THE_SUM = RING.format(first="c - N // 2", share="")
FLAT = "order['norm, pool'] = [[[0.0] * WINDOW] * WINDOW] * N"
SCALED = """
solved = drop
def drop(maps, draws, p, training):  # ann's rule is that of 2012
    twice = solved(maps, draws, p, training)
    return [[[x / (1 - p) for x in row] for row in rows] for rows in twice]
"""
TURNED = """
solved = drop
def drop(maps, draws, p, training):
    kept = solved(maps, draws, p, training)
    pairs = [list(map(zip, *both)) for both in zip(maps, kept)]
    return [[[0.0 if y else x for x, y in row] for row in rows] for rows in pairs]
"""
NO_DECAY = """
solved = walk
def walk(*args):
    global DECAY
    kept, DECAY = DECAY, 0.0
    try:
        return solved(*args)
    finally:
        DECAY = kept
"""
UPHILL = """
solved = walk
def walk(start, gradients, rates, is_bias):
    return solved(start, [-gradient for gradient in gradients], rates, is_bias)
"""
AS_A_BIAS = """
solved = walk
walk = lambda *args: solved(*args[:3], not args[3])
"""
FROM_ZERO = """
solved = rate_at
rate_at = lambda step: PEAK * step / WARM if step < WARM else solved(step)
"""
# question, what the student wrote in its place, a piece of the message
WRONG_3_AND_4 = {
    3: (
        ("q1", "normalise = lambda maps: 3", "normalise gave a int"),
        ("q1", "normalise = lambda maps: []", "0 numbers came out of"),
        ("q1", "normalise = lambda maps: maps", "the example of the text comes out"),
        ("q1", IN_PLACE, "the maps that came in were changed: make new ones"),
        ("q1", OVER_PIXELS, "the window seems to reach over pixels"),
        ("q1", FROM_ITSELF_ON, "the window seems to begin at the channel: centre"),
        ("q1", ON_THE_SUM, "alpha seems to multiply the sum of the squares"),
        ("q2", "constants['lone_gain'] = 1.5", "LRN makes no number louder"),
        ("q2", "constants['half_energy'] = 0.5", "half_energy is a sum of squares"),
        ("q3", "order['apart'] = [3.0, 2, 1]", "should be a list of three sides"),
        ("q3", "order['saved'] = 3.5", "order['saved'] should be a whole number"),
        ("q3", "order['norm, pool'] = 7", "should be True or a picture"),
        ("q3", "order['norm, pool'] = [[[1]]]", "N to 12 channels, please"),
        ("q3", FLAT, "norm, pool: on your picture the orders agree"),
        ("q4", "drop = lambda *args: 3", "drop gave a int"),
        ("q4", "drop = lambda *args: []", "0 numbers came out of"),
        ("q4", "drop = lambda maps, *args: maps", "nothing is dropped, and the call"),
        ("q4", SCALED, "the right numbers are dropped; those that stay have another"),
        ("q4", TURNED, "what should stay seems to be dropped"),
        ("q5", "diagnosis['mistake'] = 'no'", "copy the mistake as it is written"),
        ("q5", "diagnosis['factor'] = 0", "should be more than 0"),
        ("bet", "bet['new_points'] = 'both'", "with, without or ranges overlap"),
        ("words", "explanation = 'two'", "quote two numbers of your own run"),
    ),
    4: (
        ("q1", "walk = lambda *args: 3", "walk gave a int"),
        ("q1", "walk = lambda *args: [1.0]", "one number for each step"),
        ("q1", "walk = lambda *args: [1.0] * 3", "the example of the text comes out"),
        ("q1", NO_DECAY, "nothing seems to decay"),
        ("q1", UPHILL, "along the gradient, not against it"),
        ("q1", AS_A_BIAS, "this weight seems to be treated as a bias"),
        ("q2", "rate_at = lambda step: '1'", "should be a number"),
        ("q2", "rate_at = lambda step: 0.01", "see the text"),
        ("q2", "rate_at = lambda step: PEAK", "still warms up"),
        ("q2", FROM_ZERO, "the warm-up seems to begin at 0"),
        ("q3", "cost['steps'] = 3.5", "cost['steps'] should be a whole number"),
        ("q3", "cost['hours'] = 90_000", "is meant in hours"),
        ("q3", "cost['steps'] = 700", "counts the steps of all epochs"),
        ("q4", "causes['B'] = 'no'", "copy the cause of B as it is written"),
        ("q4", "causes['A'] = causes['B']", "is there twice"),
        ("q5", "going_on['missing'] = 'step'", "should be a list of names"),
        ("q5", "going_on['missing'] = ['step']", "copy the names as they are written"),
        (
            "q5",
            "going_on['missing'] = ['gradients']",
            "the gradient of the step before",
        ),
        ("q5", "going_on['A, B'] = 'C'", "should be one of ['A', 'B', 'overlap'"),
        ("bet", "bet['nearest'] = 'all'", "velocities, generator or number of steps"),
        ("words", "explanation = 'two'", "quote two numbers of your own run"),
    ),
}
