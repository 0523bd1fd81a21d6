#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/data/*.safetensors: what PyTorch computes in float64. Run by hand, in an
environment that has torch; the tests only read the files. Equal files from every run."""

import json
import math
import pathlib
import struct

import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

DATA = pathlib.Path(__file__).parent / "data"
torch.set_default_dtype(torch.float64)


class Clamp(torch.autograd.Function):
    """torch.clamp, except that outside the range a gradient passes if it points back in."""

    @staticmethod
    def forward(ctx, raw, least, most):
        ctx.save_for_backward(raw)
        ctx.range = least, most
        return raw.clamp(least, most)

    @staticmethod
    def backward(ctx, g):
        (raw,) = ctx.saved_tensors
        least, most = ctx.range
        outwards = ((raw >= most) & (g < 0)) | ((raw <= least) & (g > 0))
        return torch.where(outwards, 0.0, g), None, None


ACTIVATIONS = {
    "identity": lambda config: torch.nn.Identity(),
    "relu": lambda config: torch.nn.ReLU(),
    "leaky_relu": lambda config: torch.nn.LeakyReLU(config["leaky_relu_slope"]),
    "elu": lambda config: torch.nn.ELU(config["elu_alpha"]),
    "gelu": lambda config: torch.nn.GELU(),
    "silu": lambda config: torch.nn.SiLU(),
    "tanh": lambda config: torch.nn.Tanh(),
    "sigmoid": lambda config: torch.nn.Sigmoid(),
    "softplus": lambda config: torch.nn.Softplus(),
}


def gaussian_diag(raw, config):
    mean, logvar = raw.chunk(2, dim=-1)
    logvar = Clamp.apply(logvar, config["gaussian_diag_logvar_min"],
                         config["gaussian_diag_logvar_max"])
    return Normal(mean, (logvar / 2).exp())


LIKELIHOODS = {  # parameters per output number, distribution from the decoder's last layer
    "bernoulli": (1, lambda raw, config: Bernoulli(logits=raw, validate_args=False)),
    "gaussian": (1, lambda raw, config: Normal(raw, config["gaussian_sigma"])),
    "gaussian_diag": (2, gaussian_diag),
}

DEFAULTS = dict(input_dim=7, output_dim=7, latent_dim=3, condition_dim=0, encoder="6,5",
                decoder="5,6", encoder_activation="tanh", decoder_activation="tanh",
                likelihood="bernoulli", leaky_relu_slope=0.2, elu_alpha=0.7, gaussian_sigma=0.5,
                posterior_logvar_min=-20.0, posterior_logvar_max=20.0,
                gaussian_diag_logvar_min=-10.0, gaussian_diag_logvar_max=10.0)


def representable(tensor):
    """The nearest float32 numbers, so that library and golden start from the same ones."""
    return tensor.float().double()


class Vae(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        parameters, self.likelihood = LIKELIHOODS[config["likelihood"]]
        condition = config["condition_dim"]
        self.encoder, hidden = self.mlp("encoder", config["input_dim"] + condition)
        self.mean = torch.nn.Linear(hidden, config["latent_dim"])
        self.logvar = torch.nn.Linear(hidden, config["latent_dim"])
        self.decoder, hidden = self.mlp("decoder", config["latent_dim"] + condition)
        self.output = torch.nn.Linear(hidden, parameters * config["output_dim"])

    def mlp(self, side, width):
        layers = torch.nn.ModuleList()
        for out in (int(w) for w in self.config[side].split(",") if w):
            layers.append(torch.nn.Linear(width, out))
            width = out
        return layers, width

    def hidden(self, side, h):
        activation = ACTIVATIONS[self.config[side + "_activation"]](self.config)
        for layer in getattr(self, side):
            h = activation(layer(h))
        return h

    def forward(self, x, condition, eps, target):
        """Each row's reconstruction and kl."""
        h = self.hidden("encoder", torch.cat([x, condition], dim=1))
        logvar = Clamp.apply(self.logvar(h), self.config["posterior_logvar_min"],
                             self.config["posterior_logvar_max"])
        q = Normal(self.mean(h), (logvar / 2).exp())
        nll = []
        for eps_l in eps:
            z = q.mean + q.stddev * eps_l
            raw = self.output(self.hidden("decoder", torch.cat([z, condition], dim=1)))
            nll.append(-self.likelihood(raw, self.config).log_prob(target).sum(dim=1))
        kl = kl_divergence(q, Normal(torch.zeros(()), torch.ones(()))).sum(dim=1)
        return torch.stack(nll).mean(dim=0), kl


def write(name, tensors, metadata):
    header, data = {"__metadata__": {k: str(v) for k, v in metadata.items()}}, b""
    for key, tensor in tensors.items():
        values = tensor.detach().reshape(-1).tolist()
        begin = len(data)
        data += struct.pack(f"<{len(values)}d", *values)
        header[key] = {"dtype": "F64", "shape": list(tensor.shape),
                       "data_offsets": [begin, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (DATA / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def elbo(name, rows=4, samples=1, beta=1.0, reduction="mean", weight_scale=1.0, **changes):
    torch.manual_seed(sum(name.encode()))
    config = {**DEFAULTS, **changes}
    model = Vae(config)
    for parameter in model.parameters():
        parameter.data = representable(weight_scale * parameter.data)
    x = representable(torch.rand(rows, config["input_dim"])).requires_grad_()
    target = x.detach()
    if config["output_dim"] != config["input_dim"]:
        target = representable(torch.rand(rows, config["output_dim"]))
    condition = representable(torch.rand(rows, config["condition_dim"]))
    eps = representable(torch.randn(samples, rows, config["latent_dim"]))

    reconstruction, kl = model(x, condition, eps, target)
    per_row = reconstruction + beta * kl
    (per_row.mean() if reduction == "mean" else per_row.sum()).backward()

    tensors = {"x": x, "target": target, "eps": eps, "reconstruction": reconstruction, "kl": kl,
               "loss": per_row.mean(), "input_gradient": x.grad}
    if config["condition_dim"]:
        tensors["condition"] = condition
    for key, parameter in model.named_parameters():
        tensors["weight." + key] = parameter
        tensors["gradient." + key] = parameter.grad
    metadata = {"config." + key: value for key, value in config.items()}
    write("elbo-" + name, tensors, {**metadata, "samples": samples, "beta": beta,
                                    "reduction": reduction})


def elbos():
    for activation in ACTIVATIONS:
        for likelihood in LIKELIHOODS:
            elbo(f"{activation}-{likelihood}", encoder_activation=activation,
                 decoder_activation=activation, likelihood=likelihood)
    for likelihood in LIKELIHOODS:
        elbo(f"condition-{likelihood}", likelihood=likelihood, condition_dim=2)
        elbo(f"superresolution-{likelihood}", likelihood=likelihood, output_dim=9, samples=3)
        elbo(f"sum-{likelihood}", likelihood=likelihood, reduction="sum", beta=0.5)
        elbo(f"linear-{likelihood}", likelihood=likelihood, encoder="", decoder="",
             condition_dim=1, samples=2, beta=2.0)
        elbo(f"clamped-{likelihood}", likelihood=likelihood, weight_scale=3.0,
             posterior_logvar_min=-0.2, posterior_logvar_max=0.1,
             gaussian_diag_logvar_min=-0.3, gaussian_diag_logvar_max=0.2, samples=2)
    elbo("mixed", encoder="4,9,3", decoder="11", encoder_activation="silu",
         decoder_activation="elu", condition_dim=3, output_dim=5, latent_dim=1, rows=5, samples=3,
         beta=0.25, reduction="sum", likelihood="gaussian_diag")
    elbo("one-row", rows=1, encoder="1", decoder="1", latent_dim=1, input_dim=1, output_dim=1)


WEIGHTS, STEPS = 57, 5


class EpsilonHat(torch.optim.Optimizer):
    """The form at the end of section 2 of Kingma and Ba 2015, and a start of the second moment."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-8, start=0.0, hat=True):
        super().__init__(parameters, dict(lr=lr))
        (self.w,) = self.param_groups[0]["params"]
        self.m, self.v, self.t = torch.zeros_like(self.w), torch.full_like(self.w, start), 0
        self.betas, self.eps, self.hat = betas, eps, hat

    @torch.no_grad()
    def step(self):
        (b1, b2), g, lr = self.betas, self.w.grad, self.param_groups[0]["lr"]
        self.t += 1
        self.m = b1 * self.m + (1 - b1) * g
        self.v = b2 * self.v + (1 - b2) * g * g
        if self.hat:
            rate = lr * math.sqrt(1 - b2**self.t) / (1 - b1**self.t)
            self.w -= rate * self.m / (self.v.sqrt() + self.eps)
        else:
            self.w -= (lr * (self.m / (1 - b1**self.t)) /
                       ((self.v / (1 - b2**self.t)).sqrt() + self.eps))


def optimizer(name, kind, build, **options):
    torch.manual_seed(sum(name.encode()))
    w = representable(0.5 * torch.randn(WEIGHTS)).requires_grad_()
    scale = 10 ** (3 * torch.rand(WEIGHTS) - 2)
    gradients = representable(scale * torch.randn(STEPS, WEIGHTS))
    gradients[:, ::10] = 0
    algorithm = build([w])
    weights = [w.detach().clone()]
    for g in gradients:
        w.grad = g.clone()
        algorithm.step()
        weights.append(w.detach().clone())
    write("optimizer-" + name, {"weights": torch.stack(weights), "gradients": gradients},
          {"optimizer": kind, **{"option." + key: value for key, value in options.items()}})


def optimizers():
    o = torch.optim
    optimizer("adam", "adam", lambda w: o.Adam(w, 0.01), learning_rate=0.01)
    optimizer("adam-l2", "adam", lambda w: o.Adam(w, 0.02, weight_decay=0.3),
              learning_rate=0.02, weight_decay=0.3)
    optimizer("adam-betas", "adam", lambda w: o.Adam(w, 0.1, (0.5, 0.8), 1e-2),
              learning_rate=0.1, beta1=0.5, beta2=0.8, epsilon=1e-2)
    optimizer("adam-zero-betas", "adam", lambda w: o.Adam(w, 0.1, (0.0, 0.0), 0.1),
              learning_rate=0.1, beta1=0.0, beta2=0.0, epsilon=0.1)
    optimizer("adam-epsilon-hat", "adam", lambda w: EpsilonHat(w, 0.01, eps=1e-2),
              learning_rate=0.01, epsilon=1e-2, epsilon_hat=1)
    optimizer("adam-burda", "adam",
              lambda w: EpsilonHat(w, 0.01, (0.99, 0.999), 1e-4, start=1.0, hat=False),
              learning_rate=0.01, beta1=0.99, epsilon=1e-4, second_moment_start=1.0)
    optimizer("adamw", "adamw", lambda w: o.AdamW(w, 0.01, weight_decay=0.0), learning_rate=0.01)
    optimizer("adamw-decay", "adamw", lambda w: o.AdamW(w, 0.05, weight_decay=0.5),
              learning_rate=0.05, weight_decay=0.5)
    optimizer("sgd", "sgd", lambda w: o.SGD(w, 0.1), learning_rate=0.1)
    optimizer("sgd-l2", "sgd", lambda w: o.SGD(w, 0.1, weight_decay=0.7), learning_rate=0.1,
              weight_decay=0.7)
    optimizer("sgd-momentum", "sgd", lambda w: o.SGD(w, 0.1, momentum=0.9), learning_rate=0.1,
              momentum=0.9)
    optimizer("sgd-dampening", "sgd", lambda w: o.SGD(w, 0.1, momentum=0.8, dampening=0.4),
              learning_rate=0.1, momentum=0.8, dampening=0.4)
    optimizer("sgd-nesterov", "sgd",
              lambda w: o.SGD(w, 0.1, momentum=0.9, nesterov=True, weight_decay=0.2),
              learning_rate=0.1, momentum=0.9, nesterov=1, weight_decay=0.2)
    optimizer("rmsprop", "rmsprop", lambda w: o.RMSprop(w, 0.01), learning_rate=0.01)
    optimizer("rmsprop-momentum", "rmsprop",
              lambda w: o.RMSprop(w, 0.01, alpha=0.9, eps=1e-3, momentum=0.7),
              learning_rate=0.01, alpha=0.9, epsilon=1e-3, momentum=0.7)
    optimizer("rmsprop-centered", "rmsprop", lambda w: o.RMSprop(w, 0.01, centered=True),
              learning_rate=0.01, centered=1)
    optimizer("rmsprop-all", "rmsprop",
              lambda w: o.RMSprop(w, 0.02, alpha=0.8, momentum=0.5, centered=True,
                                  weight_decay=0.1),
              learning_rate=0.02, alpha=0.8, momentum=0.5, centered=1, weight_decay=0.1)


EPOCHS, EPOCH_STEPS, RATE = 12, 4, 0.3


def schedule(name, kind, build, every, **options):
    """The rate of every `every`-th step; what PyTorch calls a step is as long."""
    sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], RATE)
    scheduler, rates = build(sgd), []
    for _ in range(EPOCHS * EPOCH_STEPS // every):
        rates.append(sgd.param_groups[0]["lr"])
        sgd.step()
        scheduler.step()
    write("schedule-" + name, {"rates": torch.tensor(rates)},
          {"schedule": kind, "every": every, "option.learning_rate": RATE,
           **{"option." + key: value for key, value in options.items()}})


def schedules():
    s = torch.optim.lr_scheduler
    steps = EPOCHS * EPOCH_STEPS
    schedule("constant", "constant", lambda o: s.ConstantLR(o, factor=1), 1)
    schedule("cosine", "cosine", lambda o: s.CosineAnnealingLR(o, steps, 0.1 * RATE), 1,
             schedule_steps=steps, schedule_floor=0.1)
    schedule("cosine-warmup", "cosine", lambda o: s.SequentialLR(
        o, [s.LambdaLR(o, lambda step: (step + 1) / 6), s.CosineAnnealingLR(o, steps - 6)], [6]), 1,
             schedule_steps=steps, schedule_warmup_steps=6)
    schedule("exponential", "exponential", lambda o: s.ExponentialLR(o, 0.8), EPOCH_STEPS,
             schedule_decay=0.8)
    schedule("piecewise", "piecewise", lambda o: s.MultiStepLR(o, [2, 3, 9], 0.5), EPOCH_STEPS,
             schedule_milestones="2,3,9", schedule_factor=0.5)


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    elbos()
    optimizers()
    schedules()
