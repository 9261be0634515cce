"""`python -m benchmarks [throughput|start|heartbeat|scale|repaint]`: all of them without a name."""

import sys

from benchmarks import heartbeat, repaint, scale, start, throughput

MEASURES = {
    "throughput": throughput.measure,
    "start": start.measure,
    "heartbeat": heartbeat.measure,
    "scale": scale.measure,
    "repaint": repaint.measure,
}

if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(MEASURES)
    if unknown:
        sys.exit(f"Unknown: {', '.join(unknown)}. Expected some of: {', '.join(MEASURES)}.")
    for name in sys.argv[1:] or MEASURES:
        MEASURES[name]()
