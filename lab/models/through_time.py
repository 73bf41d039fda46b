"""Backpropagation through time written out: how RNN and GRU train on a CPU.

PyTorch has a fused LSTM for CPUs; its RNN and GRU make some ten small operations a token, and as
many again going back, each with a price of its own. Written out, whatever does not depend on the
step before is done for all steps at once, which leaves three to six operations a token: about one
and a half times as fast (measured), and twice with bfloat16 in the large products. The results are
the same to rounding.

Here time comes first: x[t] is (B, I). A loss L hands back dL/dh for each output; walking from the
last step to the first, the gradient of each step is that from its own output plus what comes from
the step after it.

Source: Werbos 1990, Backpropagation through time: what it does and how to do it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

Gradients = tuple[Tensor | None, ...]


def usable(x: Tensor) -> bool:
    """Tell whether this way pays: on a CPU, when gradients are wanted."""
    return x.device.type == "cpu" and x.dtype == torch.float32 and torch.is_grad_enabled()


def product(a: Tensor, b: Tensor, rough: bool) -> Tensor:
    """Multiply two matrices of float32; if `rough`, in bfloat16 as autocast would."""
    return (a.bfloat16() @ b.bfloat16()).float() if rough else a @ b


def run(
    module: nn.RNN | nn.GRU, x: Tensor, state: Tensor | None, step: type[torch.autograd.Function]
) -> tuple[Tensor, Tensor]:
    """Do what a module of PyTorch does, with its parameters, layer by layer.

    Args:
        module: with batch_first.
        x: (B, T, I).
        state: (L, B, H), None for zeros.
        step: `RNNLayer` or `GRULayer`.

    Returns:
        Outputs of the last layer (B, T, H), and the last hidden state of each (L, B, H).
    """
    x = x.transpose(0, 1).contiguous()  # (T, B, I)
    if state is None:
        state = x.new_zeros(module.num_layers, x.shape[1], module.hidden_size)
    last, rough = [], torch.is_autocast_enabled("cpu")
    for layer, weights in enumerate(module.all_weights):
        # What is handed from step to step stays float32 throughout.
        with torch.autocast("cpu", enabled=False):
            x = step.apply(x, state[layer], *weights, rough)  # (T, B, H)
        last.append(x[-1])
        if layer < module.num_layers - 1:
            x = nn.functional.dropout(x, module.dropout, module.training)
    return x.transpose(0, 1), torch.stack(last)


class RNNLayer(torch.autograd.Function):
    """h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)."""

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        h0: Tensor,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor,
        b_hh: Tensor,
        rough: bool = False,
    ) -> Tensor:
        """Return the hidden states (T, B, H)."""
        T, B, _ = x.shape
        y = product(x.flatten(0, 1), w_ih.T, rough).add_(b_ih + b_hh).view(T, B, -1)  # (T, B, H)
        w, h = w_hh.T.contiguous(), h0
        for y_t in y.unbind():
            h = y_t.addmm_(h, w).tanh_()  # in place: a row of y
        ctx.rough = rough
        ctx.save_for_backward(x, h0, y, w_ih, w_hh)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> Gradients:
        """Return the gradients of all that `forward` was given."""
        x, h0, y, w_ih, w_hh = ctx.saved_tensors
        slope = 1 - y * y  # of tanh, (T, B, H)
        d = dy.contiguous().clone()  # becomes the gradient of what goes into tanh
        steps = list(zip(d.unbind(), slope.unbind(), strict=True))
        after = None
        for d_t, slope_t in reversed(steps):
            if after is not None:
                d_t.addmm_(after, w_hh)
            after = d_t.mul_(slope_t)
        d, before = d.flatten(0, 1), torch.cat((h0[None], y[:-1])).flatten(0, 1)
        db = d.sum(0)
        dx = product(d, w_ih, ctx.rough).view(x.shape)
        dw_ih, dw_hh = (product(d.T, seen, ctx.rough) for seen in (x.flatten(0, 1), before))
        return dx, after @ w_hh, dw_ih, dw_hh, db, db, None


class GRULayer(torch.autograd.Function):
    """The equations of `lab.models.gru`.

    r = sigmoid(a_r + p_r), z = sigmoid(a_z + p_z), n = tanh(a_n + r * p_n),
    h' = n + z * (h - n), with a = W_ih x + b_ih from the input and p = W_hh h + b_hh from the past.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        h0: Tensor,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor,
        b_hh: Tensor,
        rough: bool = False,
    ) -> Tensor:
        """Return the hidden states (T, B, H)."""
        T, B, _ = x.shape
        H = h0.shape[1]
        b = torch.cat((b_ih[: 2 * H] + b_hh[: 2 * H], b_ih[2 * H :]))
        a = product(x.flatten(0, 1), w_ih.T, rough).add_(b).view(T, B, 3 * H)  # becomes r, z, n
        p_n, y = x.new_empty(T, B, H), x.new_empty(T, B, H)
        w_rz, w_n = w_hh[: 2 * H].T.contiguous(), w_hh[2 * H :].T.contiguous()
        b_n, h = b_hh[2 * H :], h0
        rows = (a[..., : 2 * H], *a.view(T, B, 3, H).unbind(2), p_n, y)
        for rz, r, z, n, p, out in zip(*(row.unbind() for row in rows), strict=True):
            rz.addmm_(h, w_rz).sigmoid_()
            torch.addmm(b_n, h, w_n, out=p)
            n.addcmul_(r, p).tanh_()
            h = torch.lerp(n, h, z, out=out)
        ctx.rough = rough
        ctx.save_for_backward(x, h0, a, p_n, y, w_ih, w_hh)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> Gradients:
        """Return the gradients of all that `forward` was given."""
        x, h0, gates, p_n, y, w_ih, w_hh = ctx.saved_tensors
        T, B, H = y.shape
        r, z, n = gates.view(T, B, 3, H).unbind(2)
        before = torch.cat((h0[None], y[:-1]))  # (T, B, H)
        # dp = dh * factor for each of p_r, p_z, p_n: all that a step has to wait for is dh.
        factor = x.new_empty(T, B, 3, H)
        into_n = (1 - z) * (1 - n * n)  # dh' / d(argument of tanh)
        torch.mul(into_n * p_n, r * (1 - r), out=factor[:, :, 0])
        torch.mul(before - n, z * (1 - z), out=factor[:, :, 1])
        torch.mul(into_n, r, out=factor[:, :, 2])
        dh, dp = dy.contiguous().clone(), factor.view(T, B, 3 * H)
        steps = zip(*(row.unbind() for row in (dh, factor, dp, z)), strict=True)
        after = None
        for dh_t, factor_t, dp_t, z_t in reversed(list(steps)):
            if after is not None:
                dh_t.add_(after)
            factor_t.mul_(dh_t[:, None])  # now dp_t
            after = (dh_t * z_t).addmm_(dp_t, w_hh)  # dL/dh of the step before
        dp = dp.flatten(0, 1)
        dw_hh, db_hh = product(dp.T, before.flatten(0, 1), ctx.rough), dp.sum(0)
        # From the input, n is reached directly and not through r * p_n; r and z as from the past.
        torch.mul(dh, into_n, out=factor[:, :, 2])
        dx = product(dp, w_ih, ctx.rough).view(x.shape)
        dw_ih = product(dp.T, x.flatten(0, 1), ctx.rough)
        return dx, after, dw_ih, dw_hh, dp.sum(0), db_hh, None
