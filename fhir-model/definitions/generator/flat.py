"""Writes records that refer to one another by distance from the referring field (see definitions/flat.h)."""

import struct


class Ref:
    """A Slice<T> field: a run of records that is placed later."""

    def __init__(self, run):
        self.run = run


class Run:
    """Records of one struct, one behind the other. `layout` is a struct format in which T stands for Text and S for
    Slice; both take one value each."""

    def __init__(self, layout, rows, align=4):
        self.layout, self.rows, self.align = layout, rows, align
        self.position = None

    def plain(self):
        return "<" + self.layout.replace("T", "iI").replace("S", "iI")

    def row_size(self):
        return struct.calcsize(self.plain())


class Image:
    """Collects runs, places them, then resolves all distances."""

    def __init__(self):
        self.runs = []
        self.shared = {}
        self.texts = {}
        self.text_bytes = bytearray()

    def run(self, layout, rows, align=4):
        if not set(layout) - set("BHIT"):  # equal runs without references are kept once
            key = (layout, tuple(rows), align)
            if key in self.shared:
                return self.shared[key]
        made = Run(layout, rows, align)
        if not set(layout) - set("BHIT"):
            self.shared[key] = made
        self.runs.append(made)
        return made

    def text_offset(self, text):
        encoded = text.encode("utf-8")
        if encoded not in self.texts:
            self.texts[encoded] = len(self.text_bytes)
            self.text_bytes += encoded + b"\0"
        return self.texts[encoded], len(encoded)

    def bytes(self):
        position = 0
        for run in self.runs:
            position = -(-position // run.align) * run.align
            run.position = position
            position += run.row_size() * len(run.rows)
        self.text_position = position
        out = bytearray(position)
        for run in self.runs:
            self._write(run, out)
        return bytes(out) + bytes(self.text_bytes) + bytes(64)

    def _write(self, run, out):
        size = run.row_size()
        for index, row in enumerate(run.rows):
            start = run.position + index * size
            struct.pack_into(run.plain(), out, start, *self._fields(run, row, start))

    def _fields(self, run, row, start):
        assert len(row) == len(run.layout), (run.layout, row)
        fields, offset = [], 0
        for kind, value in zip(run.layout, row):
            here = start + offset
            if kind == "T":
                at, length = self.text_offset(value)
                fields += [self.text_position + at - here, length]
                offset += 8
            elif kind == "S":
                fields += [value.run.position - here, len(value.run.rows)]
                offset += 8
            else:
                fields.append(value)
                offset += struct.calcsize("<" + kind)
        return fields


def fnv1a(text):
    """FNV-1a, 32 bits, of the ASCII-lowered UTF-8 text: hash_text() in definitions/hash.h."""
    value = 0x811C9DC5
    for byte in text.encode("utf-8"):
        if 0x41 <= byte <= 0x5A:
            byte += 0x20
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def power_of_two(count, spare=2):
    size = 2
    while size < count * spare:
        size *= 2
    return size


def open_addressing(keys, empty, spare=2):
    """Slots for (hash, value) pairs: the slot of a value is the first free one from hash & (size - 1) on."""
    size = power_of_two(len(keys), spare)
    slots = [empty] * size
    for key, value in keys:
        at = key & (size - 1)
        while slots[at] != empty:
            at = (at + 1) & (size - 1)
        slots[at] = value
    return slots
