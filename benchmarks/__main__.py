"""`python -m benchmarks [throughput|start|heartbeat|scale]`: all of them without a name."""

import sys

from benchmarks import heartbeat, scale, start, throughput

MEASURES = {
    "throughput": throughput.measure,
    "start": start.measure,
    "heartbeat": heartbeat.measure,
    "scale": scale.measure,
}

if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(MEASURES)
    if unknown:
        sys.exit(f"Unknown: {', '.join(unknown)}. Expected some of: {', '.join(MEASURES)}.")
    for name in sys.argv[1:] or MEASURES:
        MEASURES[name]()
