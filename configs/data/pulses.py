"""Two channels of noise and pulses, 96 samples each: python3 configs/data/pulses.py configs/data

An example holds one pulse in each channel: a chirp that rises or falls. The class says how both run
(4 classes); the target is by how many samples the second pulse follows the first. Neither depends
on where the pulses lie, so a model has to find them first.
"""
import math, os, random, struct, sys, zipfile

LENGTH, PULSE, NOISE = 96, 17, 0.25

def npy(kind, shape, content):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (kind, shape)
    head = (head + " " * (-(len(head) + 11) % 64) + "\n").encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + content

def channel(draw, start, rises):
    values = [draw.gauss(0, NOISE) for _ in range(LENGTH)]
    size = draw.uniform(0.7, 1.3)
    for i in range(PULSE):
        at = i / (PULSE - 1)
        turns = 1.2 * at + 1.6 * at * at if rises else 4.4 * at - 1.6 * at * at
        values[start + i] += size * math.sin(math.pi * at) * math.sin(2 * math.pi * turns)
    return values

def save(path, count, seed, regression):
    draw, values, answers = random.Random(seed), [], []
    for n in range(count):
        lag = draw.randint(2, 24)
        start = draw.randrange(LENGTH - PULSE - lag)
        label = n % 4
        values += channel(draw, start, label & 1) + channel(draw, start + lag, label & 2)
        answers.append(lag if regression else label)
    y = (npy("<f4", (count,), struct.pack("<%df" % count, *answers)) if regression
         else npy("|u1", (count,), bytes(answers)))
    # coarse steps keep the file small
    x = npy("<f4", (count, 2, LENGTH),
            struct.pack("<%df" % len(values), *(round(16 * v) / 16 for v in values)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in (("x.npy", x), ("y.npy", y)):
            archive.writestr(zipfile.ZipInfo(name), array, zipfile.ZIP_DEFLATED)

save(os.path.join(sys.argv[1], "pulses.npz"), 1600, 7, False)
save(os.path.join(sys.argv[1], "lags.npz"), 1600, 11, True)
