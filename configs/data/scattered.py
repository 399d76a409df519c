"""Fashion items of 14x14 pixels, each with two scraps of others, anywhere on a canvas of 56x56:
python3 configs/data/scattered.py configs/data/scattered.npz"""
import gzip, os, random, struct, sys, zipfile

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "coordinator/src/main"
    "/resources/io/skyline/coordinator/data/fashion-mini/%s-%s-ubyte.gz")
CANVAS, ITEM, SCRAP = 56, 14, 4

def npy(shape, content):
    head = "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }" % (shape,)
    head = (head + " " * (-(len(head) + 11) % 64) + "\n").encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + content

def halved(image):
    """Rows of 14 means of 2x2 pixels, in steps of 8, which a zip holds in half the bytes."""
    return [[sum(image[56 * y + 2 * x + at] for at in (0, 1, 28, 29)) // 32 * 8
             for x in range(ITEM)] for y in range(ITEM)]

def paste(canvas, rows, top, left):
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            at = CANVAS * (top + y) + left + x
            canvas[at] = max(canvas[at], value)

def scattered(part, count, draw):
    images = gzip.open(SOURCE % (part, "images-idx3")).read()[16:]
    labels = gzip.open(SOURCE % (part, "labels-idx1")).read()[8:8 + count]
    items = [halved(images[784 * n:784 * (n + 1)]) for n in range(count)]
    pixels = bytearray()
    for item in items:
        canvas = bytearray(CANVAS * CANVAS)
        for _ in range(2):
            other, y, x = draw.choice(items), *(draw.randint(2, ITEM - SCRAP - 2) for _ in "yx")
            scrap = [row[x:x + SCRAP] for row in other[y:y + SCRAP]]
            paste(canvas, scrap, *(draw.randint(0, CANVAS - SCRAP) for _ in "yx"))
        paste(canvas, item, *(draw.randint(0, CANVAS - ITEM) for _ in "yx"))
        pixels += canvas
    return npy((count, CANVAS, CANVAS), bytes(pixels)), npy("(%d,)" % count, labels)

draw = random.Random(7)
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for part, count in (("train", 4000), ("test", 1000)):
        for kind, array in zip("xy", scattered(part, count, draw)):
            file = zipfile.ZipInfo("%s_%s.npy" % (kind, part))
            archive.writestr(file, array, zipfile.ZIP_DEFLATED, 9)
