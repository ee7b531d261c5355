#!/usr/bin/env python3
"""Makes the voice clips of the hall with espeak-ng, and checks them by numbers.

    ./make_voice.py            make every clip again (needs espeak-ng), then check
    ./make_voice.py --check    only check the clips that are here (python alone)

The clips are committed: a build or a test never needs espeak-ng. Run this after changing a word below and
commit the result. Nothing here knows tickets or queues; which clips make an announcement stands in voice.toml.

Format: WAV, 16-bit signed, mono, 22050 Hz, silence trimmed at both ends, peak at -3 dBFS.
Sources: Vietnamese letter names and number words as said in the north (mười lăm, hai mươi mốt, hai mươi tư).
"""

import array
import math
import pathlib
import subprocess
import sys
import tempfile
import wave

HERE = pathlib.Path(__file__).resolve().parent
RATE = 22050
PEAK = 0.708 * 32767  # -3 dBFS
SILENCE = 0.012 * 32767  # quieter than this at the ends is cut away
PAD = int(0.012 * RATE)  # left at both ends, so that a consonant keeps its start
FADE = int(0.004 * RATE)  # no click where clips meet
COUNTERS = range(1, 31)
SPEED = 140  # words a minute, for phrases and counter numbers
SPELLING_SPEED = 115  # letters and digits stand alone: slower, so that each is understood

# What a check accepts: seconds, seconds, share of full scale.
SHORTEST, LONGEST, QUIETEST_RMS = 0.10, 2.5, 0.02
MOST_BYTES = 6_000_000
# Help is a sentence or two.
LONGEST_HELP, MOST_HELP_BYTES = 6.0, 4_000_000

VI_LETTERS = {
    "a": "a", "b": "bê", "c": "xê", "d": "dê", "dd": "đê", "e": "e", "f": "ép", "g": "gờ", "h": "hát",
    "i": "i", "j": "di", "k": "ca", "l": "e lờ", "m": "em mờ", "n": "en nờ", "o": "o", "p": "pê",
    "q": "quy", "r": "e rờ", "s": "ét sì", "t": "tê", "u": "u", "v": "vê", "w": "vê kép", "x": "ích xì",
    "y": "i dài", "z": "dét",
}
VI_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
EN_LETTERS = {letter: letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"} | {"a": "[[eI]]"}
EN_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
            "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
EN_TENS = {2: "twenty", 3: "thirty"}


# Help at the kiosk, one clip a page: what to do here, in one or two short sentences.
HELP = {
    "attract": (
        "Xin chào. Mời bác chạm vào màn hình để lấy số.",
        "Welcome. Touch the screen to take a number.",
    ),
    "languages": (
        "Mời chọn ngôn ngữ.",
        "Choose your language.",
    ),
    "fields": (
        "Mời chọn lĩnh vực cần làm thủ tục. Chạm vào ô trên màn hình.",
        "Choose what you came for, and touch its box.",
    ),
    "services": (
        "Mời chạm vào việc cần làm. Nếu chưa rõ, xin hỏi nhân viên.",
        "Touch what you need. If unsure, ask our staff.",
    ),
    "search": (
        "Mời gõ tên việc cần làm, rồi chạm vào việc tìm thấy.",
        "Type what you need, then touch it in the list.",
    ),
    "confirm": (
        "Nếu đã đúng, mời chạm vào nút lớn, Lấy số.",
        "If this is right, touch the large button to get a number.",
    ),
    "classes": (
        "Mời chọn diện ưu tiên, nếu có.",
        "Choose your priority, if you have one.",
    ),
    "appointment": (
        "Mời gõ mã lịch hẹn, rồi chạm dấu tích.",
        "Type your appointment code, then touch the tick.",
    ),
    "ticket": (
        "Mời bác nhận phiếu bên dưới và chờ gọi số.",
        "Take your ticket below, and wait for your number.",
    ),
    "ticket-screen": (
        "Xin bác nhớ số này, và chờ gọi số.",
        "Remember this number, and wait for your call.",
    ),
    "no-paper": (
        "Máy không in được phiếu. Mời chạm, Tiếp tục lấy số.",
        "No paper here. You still get a number: touch, go on.",
    ),
    "no-number": (
        "Chưa lấy được số. Mời chọn việc khác, hoặc hỏi nhân viên.",
        "No number now. Choose again, or ask our staff.",
    ),
    "closed": (
        "Trung tâm đang nghỉ. Mời bác xem giờ mở cửa trên màn hình.",
        "We are closed. Opening hours are on the screen.",
    ),
    "kiosk-closed": (
        "Máy này tạm đóng. Mời bác sang máy bên cạnh.",
        "This kiosk is closed. Please use another one.",
    ),
}


def vietnamese(number):
    """1..99 in words: 15 mười lăm, 21 hai mươi mốt, 24 hai mươi tư."""
    tens, unit = divmod(number, 10)
    if tens == 0:
        return VI_DIGITS[unit]
    head = "mười" if tens == 1 else f"{VI_DIGITS[tens]} mươi"
    if unit == 0:
        return head
    special = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return f"{head} {special.get(unit, VI_DIGITS[unit])}"


def english(number):
    """1..39 in words."""
    if number < 20:
        return EN_UNITS[number]
    tens, unit = divmod(number, 10)
    return EN_TENS[tens] + (f" {EN_UNITS[unit]}" if unit else "")


def words():
    """Every spoken clip: language, file name without ending, what is said."""
    yield "vi", "moi-so", "mời số"
    yield "vi", "den-quay", "đến quầy số"
    yield from (("vi", f"chu-{name}", said) for name, said in VI_LETTERS.items())
    yield from (("vi", f"so-{digit}", said) for digit, said in enumerate(VI_DIGITS))
    yield from (("vi", f"quay-{number}", vietnamese(number)) for number in COUNTERS)
    yield "en", "number", "number"
    yield "en", "go-to-counter", "please go to counter"
    yield from (("en", f"letter-{name}", said) for name, said in EN_LETTERS.items())
    yield from (("en", f"digit-{digit}", EN_UNITS[digit]) for digit in range(10))
    yield from (("en", f"counter-{number}", english(number)) for number in COUNTERS)
    for page, (in_vietnamese, in_english) in HELP.items():
        yield "vi", f"help-{page}", in_vietnamese
        yield "en", f"help-{page}", in_english


def speak(language, name, said):
    """The samples espeak-ng gives for `said`."""
    spelled = name.startswith(("chu-", "so-", "letter-", "digit-"))
    speed = str(SPELLING_SPEED if spelled else SPEED)
    voice = {"vi": "vi", "en": "en-gb"}[language]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "clip.wav")
        subprocess.run(["espeak-ng", "-v", voice, "-s", speed, "-w", path, said], check=True)
        rate, samples = read(path)
    if rate != RATE:
        sys.exit(f"espeak-ng gave {rate} Hz; this script expects {RATE}")
    return samples


def read(path):
    """Rate and samples of a 16-bit mono WAV."""
    with wave.open(str(path), "rb") as clip:
        if (clip.getnchannels(), clip.getsampwidth()) != (1, 2):
            sys.exit(f"{path}: not 16-bit mono")
        samples = array.array("h")
        samples.frombytes(clip.readframes(clip.getnframes()))
        return clip.getframerate(), samples


def write(path, samples):
    """Writes a 16-bit mono WAV."""
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(RATE)
        clip.writeframes(array.array("h", samples).tobytes())


def finish(samples):
    """Cuts the silence at both ends, sets the peak, and fades the first and last milliseconds."""
    loud = [at for at, sample in enumerate(samples) if abs(sample) > SILENCE]
    if not loud:
        sys.exit("espeak-ng gave only silence")
    samples = samples[max(0, loud[0] - PAD): loud[-1] + PAD]
    gain = PEAK / max(abs(sample) for sample in samples)
    last = len(samples) - 1
    return [int(sample * gain * min(1.0, at / FADE, (last - at) / FADE)) for at, sample in enumerate(samples)]


def chime():
    """Two soft tones, E5 then C5, each a struck bar: a sine with one overtone that dies away."""
    samples = [0.0] * int(1.15 * RATE)
    for start, pitch in ((0.0, 659.25), (0.38, 523.25)):
        first = int(start * RATE)
        for at in range(first, len(samples)):
            seconds = (at - first) / RATE
            attack = min(1.0, seconds / 0.006)
            tone = math.sin(2 * math.pi * pitch * seconds) + 0.25 * math.sin(4 * math.pi * pitch * seconds)
            samples[at] += attack * math.exp(-4.5 * seconds) * tone
    peak = max(abs(sample) for sample in samples)
    return finish([sample / peak * PEAK for sample in samples])


def make():
    """Makes every clip of every language."""
    for language, name, said in words():
        write(HERE / language / f"{name}.wav", finish(speak(language, name, said)))
    for language in ("vi", "en"):
        write(HERE / language / "chime.wav", chime())


def is_help(path):
    """Whether a clip is help at the kiosk."""
    return path.name.startswith("help-")


def check():
    """Each clip is there, of a sensible length, loud enough, not clipped; nothing else lies about."""
    wanted = {HERE / language / f"{name}.wav" for language, name, _ in words()}
    wanted |= {HERE / language / "chime.wav" for language in ("vi", "en")}
    found = set(HERE.glob("*/*.wav"))
    faults = [f"{path}: missing" for path in sorted(wanted - found)]
    faults += [f"{path}: belongs to no word" for path in sorted(found - wanted)]
    lengths = []
    for path in sorted(found):
        rate, samples = read(path)
        seconds = len(samples) / rate
        peak = max(abs(sample) for sample in samples) / 32767
        rms = math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32767
        lengths.append(seconds)
        longest = LONGEST_HELP if is_help(path) else LONGEST
        if rate != RATE or not SHORTEST <= seconds <= longest or rms < QUIETEST_RMS or not 0.5 < peak < 0.75:
            faults.append(f"{path}: {rate} Hz, {seconds:.2f} s, peak {peak:.2f}, rms {rms:.3f}")
    total = sum(path.stat().st_size for path in found)
    help_total = sum(path.stat().st_size for path in found if is_help(path))
    for bytes_, most, what in ((total - help_total, MOST_BYTES, "of calls"), (help_total, MOST_HELP_BYTES, "of help")):
        if bytes_ > most:
            faults.append(f"{bytes_} bytes {what}, more than {most}")
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(found)} clips, {total / 1e6:.1f} MB, {min(lengths):.2f} to {max(lengths):.2f} s, all sound")


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    if not sys.argv[1:]:
        make()
    check()
