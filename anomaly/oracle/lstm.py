"""The autoencoder of src/multivariate/lstm-network.ts, built of PyTorch's own LSTM, Linear and Adam in double precision.

pip install torch numpy; python lstm.py > ../src/multivariate/fixtures/lstm.json
"""

import json
import sys

import numpy
import torch

FEATURES, STEPS, HIDDEN, WINDOWS = 3, 6, 5, 4
LEARNING_RATE, CLIP = 0.01, 0.05

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)

encoder = torch.nn.LSTM(FEATURES, HIDDEN)
decoder = torch.nn.LSTM(1, HIDDEN)
output = torch.nn.Linear(HIDDEN, FEATURES)
# In the order of NetworkLayout. PyTorch has a second bias, and the decoder an input: both stay zero.
parameters = [
    encoder.weight_ih_l0, encoder.weight_hh_l0, encoder.bias_ih_l0,
    decoder.weight_hh_l0, decoder.bias_ih_l0,
    output.weight, output.bias,
]
for unused in (encoder.bias_hh_l0, decoder.bias_hh_l0, decoder.weight_ih_l0):
    torch.nn.init.zeros_(unused)
    unused.requires_grad_(False)

windows = torch.randn(STEPS, WINDOWS, FEATURES)


def flat(tensors):
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors]).tolist()


def reconstruct():
    _, state = encoder(windows)
    written, _ = decoder(torch.zeros(STEPS, WINDOWS, 1), state)
    return output(written)


before = flat(parameters)
adam = torch.optim.Adam(parameters, lr=LEARNING_RATE)
losses, norms = [], []
for step in range(6):
    adam.zero_grad()
    rebuilt = reconstruct()
    loss = ((rebuilt - windows.flip(0)) ** 2).mean()
    loss.backward()
    if step == 0:
        first_rebuilt, first_gradient = rebuilt.detach().reshape(-1).tolist(), flat([p.grad for p in parameters])
    norm = torch.sqrt(sum((p.grad ** 2).sum() for p in parameters))
    if norm > CLIP:
        for p in parameters:
            p.grad *= CLIP / norm
    losses.append(loss.item())
    norms.append(norm.item())
    adam.step()

json.dump(
    {
        "versions": {"python": sys.version.split()[0], "torch": torch.__version__, "numpy": numpy.__version__},
        "shape": {"features": FEATURES, "steps": STEPS, "hidden": HIDDEN},
        "windows": WINDOWS,
        "learningRate": LEARNING_RATE,
        "clip": CLIP,
        "inputs": windows.reshape(-1).tolist(),
        "weights": before,
        "rebuilt": first_rebuilt,
        "gradient": first_gradient,
        "losses": losses,
        "norms": norms,
        "weightsAfter": flat(parameters),
    },
    sys.stdout,
)
