# Writes uncertainty.json: python3 uncertainty.py > uncertainty.json   (pip install numpy scipy scikit-learn)
import json
import numpy as np
import scipy
import sklearn
from scipy import optimize, special, stats
from sklearn import isotonic, metrics

rng = np.random.default_rng(5)
rows, classes, bins = 60, 4, 10
p = rng.dirichlet(np.full(classes, 0.7), rows)
labels = np.array([rng.choice(classes, p=np.sqrt(q) / np.sqrt(q).sum()) for q in p])
confidence, correct = p.max(1), p.argmax(1) == labels


def ece(groups):
    return float(sum(abs(confidence[g].sum() - correct[g].sum()) for g in groups if len(g)) / rows)


width = [np.flatnonzero((confidence > b / bins) & (confidence <= (b + 1) / bins)) for b in range(bins)]
mass = np.array_split(np.argsort(confidence), bins)  # 60 rows in 10 bins: six each

# Kumar, Liang and Ma's debiased estimator, six rows a bin; classwise: one against the rest, bins of equal width
squared = sum(
    len(g) / rows * ((confidence[g].mean() - correct[g].mean()) ** 2 - correct[g].mean() * (1 - correct[g].mean()) / (len(g) - 1))
    for g in mass
)
classwise = 0
for c in range(classes):
    inner = [np.flatnonzero((p[:, c] > b / bins) & (p[:, c] <= (b + 1) / bins)) for b in range(bins)]
    classwise += sum(abs(p[g, c].sum() - (labels[g] == c).sum()) for g in inner) / rows / classes
best = optimize.minimize_scalar(
    lambda beta: metrics.log_loss(labels, special.softmax(beta * np.log(p), axis=1), labels=range(classes)),
    bounds=(0.01, 100), method="bounded", options={"xatol": 1e-12},
)

positive, negative = np.round(rng.normal(1, 1, 30), 1), np.round(rng.normal(0, 1, 45), 1)  # rounded: there are ties
wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
delong = np.sqrt(wins.mean(1).var(ddof=1) / 30 + wins.mean(0).var(ddof=1) / 45)

passes = special.softmax(rng.normal(size=(20, classes)) * [0.5, 1, 2, 0.1] + [1, 0, 0, 0], axis=1)
mean = passes.mean(0)

sample = np.sort(rng.gumbel(size=40))


def maritz_jarrett(q):
    n, m = len(sample), max(1, int(q * len(sample) + 0.5))
    edges = stats.binom.sf(m - 1, n, np.arange(n + 1) / n)  # P(at least m of n below the i-th)
    w = np.diff(edges)
    return float(np.sqrt((w * sample**2).sum() - (w * sample).sum() ** 2))




def entropy2(q):
    return special.entr(q) + special.entr(1 - q)


# 2 rows, 8 passes, 3 labels that do not exclude each other
sigmoids = special.expit(rng.normal(size=(2, 8, 3)) * [0.5, 1, 2] + [0, 2, -1])
label_mean = sigmoids.mean(1)
label_expected = entropy2(sigmoids).mean(1)

# 2 rows, 6 passes, 3 classes at 5 positions: class axis first, logits beside their softmax
logits = rng.normal(size=(2, 6, 3, 5)) * 1.5
pixels = special.softmax(logits, axis=2)
pixel_predictive = special.entr(pixels.mean(1)).sum(1)
pixel_mutual = pixel_predictive - special.entr(pixels).sum(2).mean(1)


def scores_of(maps):
    return [[float(m.mean()), float(m.max()), float(np.quantile(m, 0.95))] for m in maps]


# Scalings of binary probabilities q with answers a, and of the four classes above
q = np.round(rng.beta(1.5, 1.5, 50), 2)  # rounded: there are ties
a = (rng.random(50) < q**2).astype(int)
z = special.logit(q)
targets = np.where(a == 1, (a.sum() + 1) / (a.sum() + 2), 1 / (len(a) - a.sum() + 2))
platt = optimize.minimize(
    lambda w: np.mean(np.logaddexp(0, w[0] * z + w[1]) - targets * (w[0] * z + w[1])), [1, 0], tol=1e-14, method="BFGS"
)
rising = isotonic.IsotonicRegression(out_of_bounds="clip").fit(q, a)
grid = np.linspace(0, 1, 21)
PENALTY = 0.01


def vector_loss(w):
    u = w[:classes] * np.log(p) + w[classes:]
    nll = np.mean(special.logsumexp(u, axis=1) - u[np.arange(rows), labels])
    return nll + PENALTY * (((w[:classes] - 1) ** 2).sum() + (w[classes:] ** 2).sum())


vector = optimize.minimize(vector_loss, np.r_[np.ones(classes), np.zeros(classes)], tol=1e-13, method="BFGS")

# A regression: 40 rows, mean and variance of each, right values
mu, var = rng.normal(size=40), rng.uniform(0.2, 2, 40)
y = mu + rng.normal(size=40) * np.sqrt(var) * 1.3
inside = int((np.abs(y - mu) <= stats.norm.ppf(0.95) * np.sqrt(var)).sum())

result = {
    "source": "scores by scikit-learn, temperature by scipy.optimize, quantiles by NumPy, the rest by the definitions in NumPy",
    "version": f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}",
    "command": "python3 uncertainty.py (beside this file)",
    "scores": {
        "classes": classes, "probabilities": p.ravel().tolist(), "labels": labels.tolist(), "bins": bins,
        "nll": metrics.log_loss(labels, p), "brier": float(((p - np.eye(classes)[labels]) ** 2).sum(1).mean()),
        "accuracy": float(correct.mean()), "ece": ece(width), "adaptiveEce": ece(mass),
        "squared": float(squared), "classwise": float(classwise),
        "temperature": 1 / best.x, "nllAtTemperature": best.fun,
    },
    "auroc": {
        "strange": positive.tolist(), "familiar": negative.tolist(),
        "value": metrics.roc_auc_score(np.r_[np.ones(30), np.zeros(45)], np.r_[positive, negative]), "standardError": float(delong),
    },
    "passes": {
        "probabilities": passes.ravel().tolist(), "mean": mean.tolist(), "variance": passes.var(0, ddof=1).tolist(),
        "predictiveEntropy": float(stats.entropy(mean)), "expectedEntropy": float(stats.entropy(passes, axis=1).mean()),
        "variationRatio": float(1 - np.bincount(passes.argmax(1)).max() / 20),
    },
    "labels": {
        "probabilities": sigmoids.ravel().tolist(), "mean": label_mean.ravel().tolist(),
        "variance": sigmoids.var(1, ddof=1).ravel().tolist(),
        "predictiveEntropy": entropy2(label_mean).ravel().tolist(), "expectedEntropy": label_expected.ravel().tolist(),
        "sumOfMutualInformation": (entropy2(label_mean) - label_expected).sum(1).tolist(),
    },
    "positions": {
        "logits": logits.ravel().tolist(), "probabilities": pixels.ravel().tolist(),
        "predictiveEntropy": pixel_predictive.tolist(), "mutualInformation": pixel_mutual.tolist(),
        "predicted": pixels.mean(1).argmax(1).tolist(),
        "entropyScores": scores_of(pixel_predictive), "informationScores": scores_of(pixel_mutual),
    },
    "scalings": {
        "probabilities": q.tolist(), "labels": a.tolist(), "slope": platt.x[0], "intercept": platt.x[1],
        "isotonic": rising.predict(grid).tolist(), "penalty": PENALTY, "vector": vector.x.tolist(),
    },
    "regression": {
        "mean": mu.tolist(), "variance": var.tolist(), "targets": y.tolist(),
        "rmse": float(np.sqrt(((y - mu) ** 2).mean())), "nll": float(-stats.norm.logpdf(y, mu, np.sqrt(var)).mean()),
        "inside90": inside, "interval": [*stats.binomtest(inside, 40).proportion_ci(0.95, "exact")],
        "t": [*stats.t.interval(0.95, 39, np.mean(y), stats.sem(y))],
    },
    "beta": [[u, c, d, float(stats.beta.ppf(u, c, d))] for u, c, d in [(0.025, 90, 11), (0.975, 90, 11), (0.5, 1, 1), (0.05, 0.5, 99.5), (0.01, 900, 101)]],
    "quantiles": {
        "sample": sample.tolist(),
        "rows": [[q, float(np.quantile(sample, q)), maritz_jarrett(q)] for q in (0.025, 0.05, 0.25, 0.5, 0.9, 0.975)],
    },
    "incompleteBeta": [
        [x, a, b, float(special.betainc(a, b, x))]
        for x, a, b in [(0.5, 1, 1), (0.1, 2, 3), (0.9, 2, 3), (0.3, 50, 51), (0.5, 50, 51), (0.02, 0.5, 20), (0.001, 1, 5000), (0.25, 2500, 7500), (0.26, 2500, 7500), (0.999, 40, 2)]
    ],
}
print("{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in result.items()) + "\n}")
