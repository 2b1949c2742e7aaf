import math

q31 = {
    "perplexities compared as they are": 20,
    "scaled by the tokens": 12.5,
    "scaled the other way": 32,
    "power upside down": 20 ** (400 / 250),
    "stopped at the nats per token": 250 * math.log(20) / 400,
    "stopped at the bits per token": 250 * math.log2(20) / 400,
    "2 to the nats": 2 ** (250 * math.log(20) / 400),
    "square root, a guess": math.sqrt(20),
    "the whole bill": 250 * math.log(20),
    "a guess": 10,
}

RIGHT_q31 = {"with the nats rounded to 1.87": round(math.exp(1.872), 2)}

q32 = {
    "all tokens count alike": 1,
    "upside down": 5 / 500,
    "the difference": 495,
    "beside what it should count": 505 / 10,
    "half of it, two means": 50,
    "all tokens over the short batch": 505 / 5,
    "all over the long one": 505 / 500,
    "the long count": 500,
    "the short count": 5,
    "root of the ratio": 10,
    "a guess": 2,
}
