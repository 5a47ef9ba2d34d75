"""The forms of exchange by the names that the command line gives them."""

from typing import Literal

from builder.review.exchange import doccano, labelstudio, own, prodigy
from builder.review.exchange.exchanged import Form

FormName = Literal["own", "labelstudio", "doccano", "prodigy"]

FORMS: dict[FormName, Form] = {
    "own": own,
    "labelstudio": labelstudio,
    "doccano": doccano,
    "prodigy": prodigy,
}
