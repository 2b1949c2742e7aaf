"""cehelpers: the exact, tested functions of the course Cross-Entropy, hands on.

The package has layers, `LAYERS`, and a module imports only from layers below its own: first the
ground (argument checks, evaluation, shared identities), then information, activations and targets,
the losses, what they are for, what they measure and train, and an audit of it all.

The truth comes first, the prediction second. `y_true` holds 0s and 1s (in [0, 1] where soft labels
make sense), `labels` the classes 0..K−1 as integers, `targets` a row of K for each case;
`y_prob` and `probs` are probabilities, `logits` their logits, and `scores` any numbers of which
only the order, or the sign, is a claim. A bad argument raises a TypeError or a ValueError that
names it and shows the value.

`import cehelpers as ce` brings them all, with NumPy alone. The course around it is `cecourse`.
"""

from cehelpers.activations import (
    log_sigmoid,
    log_softmax,
    logit,
    logsumexp,
    sigmoid,
    softmax,
    softplus,
)
from cehelpers.audit import audit
from cehelpers.binary_losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_grad,
    brier_score,
    hinge_loss,
    squared_hinge_loss,
)
from cehelpers.calibration import (
    expected_calibration_error,
    expected_calibration_error_multiclass,
    reliability_curve,
    wilson_interval,
)
from cehelpers.categorical_losses import (
    brier_score_multiclass,
    categorical_cross_entropy,
    categorical_cross_entropy_with_logits,
    categorical_cross_entropy_with_logits_grad,
    sparse_categorical_cross_entropy,
    sparse_categorical_cross_entropy_with_logits,
)
from cehelpers.ceilings import audit_report, ceiling_posterior, log_loss_ceiling
from cehelpers.coding import decode, encode
from cehelpers.corp import corp_curve, score_decomposition
from cehelpers.costs import cost_threshold, expected_cost
from cehelpers.fingerprint import fingerprint
from cehelpers.focal_losses import (
    focal_loss,
    focal_loss_with_logits,
    sparse_categorical_focal_loss_with_logits,
)
from cehelpers.imbalance import (
    class_weights,
    correct_prior,
    logit_adjustment,
    oversample_positives,
    undersample_negatives,
)
from cehelpers.information import (
    cross_entropy,
    entropy,
    js_divergence,
    kl_divergence,
    perplexity,
    surprisal,
)
from cehelpers.likelihood import (
    bernoulli_mle,
    bernoulli_nll,
    categorical_mle,
    categorical_nll,
)
from cehelpers.logistic import fit_logistic
from cehelpers.metrics import (
    average_precision,
    confusion_counts,
    precision_recall_curve,
    precision_recall_f1,
    roc_auc,
    roc_auc_multiclass,
    roc_curve,
)
from cehelpers.monitoring import population_stability_index
from cehelpers.networks import fit_mlp, init_mlp, mlp_features, mlp_gradients, mlp_logits
from cehelpers.ordinal_losses import cumulative_link_nll, ranked_probability_score
from cehelpers.recalibration import fit_bias, fit_isotonic, fit_platt, fit_temperature
from cehelpers.scorer import compare_scores, fit_recalibration, fit_scorer
from cehelpers.targets import one_hot, smooth_labels

__version__ = "0.1.0"

# from the ground up; tests and the book read it
LAYERS = (
    ("_evaluate",),
    ("_formulas", "_checks"),
    ("information", "activations", "targets", "coding"),
    ("binary_losses", "categorical_losses", "focal_losses", "ordinal_losses"),
    ("likelihood", "logistic", "metrics", "imbalance", "costs", "ceilings", "_mlp", "_isotonic"),
    ("monitoring", "calibration", "corp", "recalibration", "networks", "_audit_words")
    + ("_fingerprint_ask", "_fingerprint_formulas", "_fingerprint_known"),
    ("_audit_fits", "_fingerprint_search", "_fingerprint_words"),
    ("_audit_luck", "_audit_repairs", "_fingerprint_probes"),
    ("audit", "scorer", "_fingerprint_manners"),
    ("fingerprint",),
)

__all__ = sorted(name for name, thing in vars().items() if callable(thing))
