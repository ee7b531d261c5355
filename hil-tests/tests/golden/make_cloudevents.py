"""Makes events.json.gz, a CloudEvents batch, with the CloudEvents SDK for Python (cloudevents 1.11.0)."""
import gzip
import json
from pathlib import Path

from cloudevents.conversion import to_json
from cloudevents.http import CloudEvent

batch = []
for sequence, kind in enumerate(["issued", "called", "rated"], start=1):
    attributes = {
        "type": f"vn.hall.ticket.{kind}.v1",
        "source": "/halls/h1",
        "id": f"0192-{sequence}",
        "time": "2026-11-22T08:00:00+07:00",
    }
    event = json.loads(to_json(CloudEvent(attributes, {"ticket": "A001", "note": "Đất đai"})))
    event["sequence"] = sequence
    batch.append(event)
text = json.dumps(batch, ensure_ascii=False).encode()
Path(__file__).with_name("events.json.gz").write_bytes(gzip.compress(text, mtime=0))
