"""Noisy waves of three forms, 32 samples each: python3 configs/data/waves.py configs/data/waves.npz"""
import math, random, struct, sys, zipfile

def npy(kind, shape, content):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (kind, shape)
    head = (head + " " * (-(len(head) + 11) % 64) + "\n").encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + content

def wave(form, at):
    turn = at % 1
    return [math.sin(2 * math.pi * turn), 1 if turn < 0.5 else -1, 2 * turn - 1][form]

draw = random.Random(7)
values, labels = [], []
for n in range(600):
    form, speed, start = n % 3, draw.uniform(1.5, 3.5), draw.random()
    values += [wave(form, start + speed * i / 32) + draw.gauss(0, 0.35) for i in range(32)]
    labels.append(form)
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for name, array in (("x.npy", npy("<f4", (600, 32), struct.pack("<19200f", *values))),
                        ("y.npy", npy("|u1", "(600,)", bytes(labels)))):
        archive.writestr(zipfile.ZipInfo(name), array, zipfile.ZIP_DEFLATED)
