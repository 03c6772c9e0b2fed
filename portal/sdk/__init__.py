"""What an item's code may import from the portal: nothing but the standard library stands behind it.

    def run(inputs, ctx):
        ctx.progress(50, "half way")
        return {"rows": 3}

The protocol between an item and the portal, for entrypoints in any language:

* stdin of an executable holds the inputs as one JSON object, then end of file.
* The environment variable `PORTAL_CHANNEL_FD` names the descriptor of the channel (3). The item writes
  frames to it: one JSON object per line, UTF-8, at most 64 KiB (the result: the limit `result_bytes`).
* `{"type": "progress", "percent": 50, "message": "half way"}`: where it stands, 0 to 100.
* `{"type": "log", "level": "info", "text": "…"}`: a log line; debug, info, warning or error.
* `{"type": "artifact", "path": "out/report.csv", "name": "report.csv"}`: a file to keep, relative to the
  working directory. It is picked up after the item has ended.
* `{"type": "result", "value": …}` or `{"type": "error", "kind": "item_error", "message": "…",
  "traceback": null}`: the end, once. A Python item does not write these: its return value or exception does.
* Empty lines are ignored. Other lines count as broken; after 20 of them the run is stopped (`protocol`).
* stdout and stderr are text for the log and never parsed.
* SIGTERM asks the item to stop; a few seconds later it is killed.
"""

from portal.sdk.context import Cancelled, Context, SecretNotGrantedError

__all__ = ["Cancelled", "Context", "SecretNotGrantedError"]
