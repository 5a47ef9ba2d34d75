"""The network that tells stances: an encoder that reads target, speaker and passage together.

What it answers from is what the encoder made of the sequence as a whole, of the quotation, of the
target, and of the target's names in the passage, each as a mean of its tokens.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from builder.stance.encoding import CONTEXT_MENTION, MENTION, PARTS, QUOTATION, TARGET

POOLED = ((QUOTATION, MENTION), (TARGET,), (MENTION, CONTEXT_MENTION))
VIEWS = 1 + len(POOLED)
FIRST, LAST = 1, 4  # where the head's two layers stand in it
IMPOSSIBLE = -1e4  # the score of a label that a corpus does not have


class StanceNetwork(nn.Module):
    """Encoder and head, with the loss that `Trainer` minimises."""

    def __init__(self, encoder: PreTrainedModel, labels: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        hidden = encoder.config.hidden_size
        self.parts = nn.Embedding(PARTS, hidden)
        nn.init.zeros_(self.parts.weight)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(hidden * VIEWS, hidden),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, labels),
        )

    def scores(self, tokens: Tensor, attention: Tensor, parts: Tensor) -> Tensor:
        """One unnormalised score a label, shape (batch, labels); the arguments are (batch, tokens)."""
        embedded = self.encoder.get_input_embeddings()(tokens) + self.parts(parts)
        read = self.encoder(inputs_embeds=embedded, attention_mask=attention).last_hidden_state
        views = pooled([read] * VIEWS, attention, parts)
        answered: Tensor = self.head(torch.cat(views, 1))
        return answered

    def forward(
        self, tokens: Tensor, attention: Tensor, parts: Tensor, shares: Tensor, possible: Tensor
    ) -> dict[str, Tensor]:
        """The loss of a batch.

        `shares` (batch, labels) says how probable each label is, `possible` which of them the
        example's corpus has at all: the others are no wrong answers there.
        """
        scores = self.scores(tokens, attention, parts).float()
        scores = scores.masked_fill(~possible, IMPOSSIBLE)
        losses = -(shares * torch.log_softmax(scores, 1)).sum(1)
        return {"loss": losses.mean()}


def pooled(reads: Sequence[Tensor], attention: Tensor, parts: Tensor) -> list[Tensor]:
    """The views of sequences, each (batch, width): of the whole, and the means over the tokens of `POOLED`.

    `reads` has what is read of the tokens for each view, (batch, tokens, width); the whole is what is read of
    the first token. A view of no tokens is zero.
    """
    views = [reads[0][:, 0]]
    for read, wanted in zip(reads[1:], POOLED, strict=True):
        there = torch.zeros_like(attention)
        for part in wanted:
            there = there + (parts == part).to(attention.dtype)
        weights = (there * attention).to(read.dtype).unsqueeze(2)
        views.append((read * weights).sum(1) / weights.sum(1).clamp_min(1.0))
    return views
