"""Prints what TensorBoard's own reader finds in a folder of event files, by the readers' names of values, as JSON."""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator as PluginEventAccumulator
from tensorboard.util import tensor_util

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0, "histograms": 0})
events.Reload()
# The one that TensorBoard itself has used since version 2, with every kind of value as a tensor.
plugins = PluginEventAccumulator(sys.argv[1], tensor_size_guidance={
    "scalars": 0, "images": 0, "histograms": 0})
plugins.Reload()

tags = events.Tags()
print(json.dumps({
    "version": events.file_version,
    "scalars": {tag: [[event.step, event.value] for event in events.Scalars(tag)] for tag in tags["scalars"]},
    "images": {
        tag: [{"step": image.step, "width": image.width, "height": image.height, "png": image.encoded_image_string.hex()}
              for image in events.Images(tag)]
        for tag in tags["images"]},
    "histograms": {
        tag: [{"step": event.step, "minimum": event.histogram_value.min, "maximum": event.histogram_value.max,
               "count": event.histogram_value.num, "sum": event.histogram_value.sum,
               "limits": list(event.histogram_value.bucket_limit), "counts": list(event.histogram_value.bucket)}
              for event in events.Histograms(tag)]
        for tag in tags["histograms"]},
    "plugins": {
        tag: [plugins.SummaryMetadata(tag).plugin_data.plugin_name, [event.step for event in plugins.Tensors(tag)]]
        for tag in plugins.Tags()["tensors"]},
}))
