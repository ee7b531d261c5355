"""Makes the Alpha frames that the virtual board must understand, with alphasignpy 0.1.1.

See make_escpos.py for how to run it.
"""
from pathlib import Path

from alphasign import Color, DisplayMode, DisplayPosition, FileType, Packet
from alphasign.commands import WriteSpecialFunction, WriteString, WriteText
from alphasign.protocol import DELAY
from alphasign.text_format import CTRL_NEW_LINE, string_ref

HERE = Path(__file__).parent


def frame(address, *commands):
    packet = Packet(address=address)
    for command in commands:
        packet.add(command)
    # DELAY marks a pause for the sender; it is never sent.
    return packet.to_bytes().replace(DELAY, b"")


def save(name, *frames):
    (HERE / f"alpha_{name}.bin").write_bytes(b"".join(frames))


if __name__ == "__main__":
    save("a012", frame("00", WriteText("A012")))
    rows = [b"A012  QUAY 3", b"B007  QUAY 1", b"C101  QUAY 12"]
    text = Color.RED.value + CTRL_NEW_LINE.join(rows[:2]) + CTRL_NEW_LINE + Color.GREEN.value + rows[2]
    hold = dict(mode=DisplayMode.HOLD, position=DisplayPosition.MIDDLE_LINE)
    memory = [
        {"label": "A", "type": FileType.TEXT, "size": 256},
        {"label": "S", "type": FileType.STRING, "size": 32},
    ]
    save(
        "hall",
        frame("01", WriteSpecialFunction.configure_memory(memory)),
        frame("01", WriteText(text, **hold)),
    )
    save(
        "nested",
        frame("01", WriteString(b"A099", label="S"), WriteText(b"SO " + string_ref("S"), **hold)),
    )
    save("other_board", frame("02", WriteText("not for me")))
    save("priority", frame("00", WriteText("CHAY", label="0", **hold)))
