#!/usr/bin/env python3
"""Milliseconds from start to "ready", median of several starts: with an empty data folder, and with a filled one.

    start_time.py [PATIENTS=20000] [STARTS=5]                             LIENTHONG=program to measure

About 11 resources a patient; they are taken in once, before the starts are measured.
"""
import statistics
import sys
import tempfile

import gateway_process


def starts(count, folder):
    times = []
    for _ in range(count):
        gateway = gateway_process.Gateway(folder=folder)
        times.append(gateway.ready_after * 1000)
        gateway.stop()
    return statistics.median(times), max(times)


def main():
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    empty = []
    for _ in range(count):
        gateway = gateway_process.Gateway()
        empty.append(gateway.ready_after * 1000)
        gateway.stop()
    print(f"empty store: median {statistics.median(empty):.0f} ms, longest {max(empty):.0f} ms")
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder:
        gateway = gateway_process.Gateway(folder=folder)
        print(gateway.send_morning(patients))
        resources = gateway.metric("lienthong_resource_versions_total")
        gateway.stop()
        median, longest = starts(count, folder)
        print(f"{resources:.0f} resource versions: median {median:.0f} ms, longest {longest:.0f} ms")


if __name__ == "__main__":
    main()
