#!/usr/bin/env python3
"""Writes the frames that alphasignpy 0.1.1 makes, for tests/alpha_golden.rs to compare with ours.

    python3 -m venv /tmp/alpha && /tmp/alpha/bin/pip install alphasignpy==0.1.1
    /tmp/alpha/bin/python make_golden.py

The .hex files are committed; the tests need neither Python nor this library.
"""

import pathlib

from alphasign.commands.text import WriteText
from alphasign.packet import Packet
from alphasign.protocol import DELAY, DisplayMode, DisplayPosition

HERE = pathlib.Path(__file__).resolve().parent

# Name, type code, address, and the command. alphasignpy's names of positions are not ours: the byte counts.
FRAMES = [
    ("a012", b"Z", "00", WriteText("A012", label="A", position=DisplayPosition.FILL, mode=DisplayMode.ROTATE)),
    ("two-lines", b"Z", "00",
     WriteText("A001 1\rB012 12", label="A", position=DisplayPosition.TOP_LINE, mode=DisplayMode.HOLD)),
    ("priority-file", b"f", "0A",
     WriteText("Z999", label="0", position=DisplayPosition.MIDDLE_LINE, mode=DisplayMode.FLASH)),
    ("blank", b"Z", "FF", WriteText(" ", label="A", position=DisplayPosition.TOP_LINE, mode=DisplayMode.HOLD)),
    ("long", b"Z", "00", WriteText("~" * 512, label="A", position=DisplayPosition.TOP_LINE, mode=DisplayMode.HOLD)),
]

for name, type_code, address, command in FRAMES:
    frame = Packet(type_code, address).add(command).to_bytes().replace(DELAY, b"")
    (HERE / f"{name}.hex").write_text(frame.hex() + "\n")
