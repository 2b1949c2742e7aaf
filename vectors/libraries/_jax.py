"""What the adapters on JAX share: 64 bits, arrays, reductions, the gradient, and an end."""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def array(values, dtype):
    return jnp.array(values, dtype=dtype)


def close():
    """Forget what was compiled: for every shape of every case, gigabytes."""
    jax.clear_caches()


def reduced(each, reduction):
    return {"mean": jnp.mean, "sum": jnp.sum, "none": jnp.asarray}[reduction](each)


def gradient_of(functions):
    """The adapter's `gradient`, by `jax.grad` of the sum."""

    def gradient(loss, arguments, options):
        names = list(arguments)
        forecasts = names[1:] or names

        def total(some):
            return jnp.sum(functions[loss](*(arguments | some).values(), **options))

        return jax.grad(total)({name: arguments[name] * 1.0 for name in forecasts})

    return gradient
