"""The network that finds attributions: an encoder, a scorer of anchors, and a chain for each anchor.

Every quotation is found by its anchor, the first word of its cue. Given an anchor, each word of the
window gets a state: part of the content, of the source or of the rest of the cue, or nothing of
these. So content, cue and source are linked from the start, one source may serve several cues, and
pieces of content belong together however far apart they stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from builder.quotes.encoding import QUOTE_STATES, SHAPES
from builder.quotes.states import ALLOWED, BUCKETS, PARAGRAPHS, STATES, TAGS
from builder.training.chain import Chain

READ = ("tokens", "attention", "shapes", "quotes", "first_tokens")  # what the reader takes


@dataclass(frozen=True, slots=True)
class Sizes:
    """The layers behind the encoder: width, kernel (words), number, and the share of inputs set to zero."""

    width: int = 128
    kernel: int = 5
    layers: int = 3
    dropout: float = 0.1


class Reader(nn.Module):
    """The part that reads a window: one vector a word, what anchors and words send to the second part."""

    def __init__(self, encoder: PreTrainedModel, sizes: Sizes) -> None:
        super().__init__()
        self.encoder = encoder
        hidden = encoder.config.hidden_size
        self.shapes = nn.Embedding(SHAPES, hidden)
        self.quotes = nn.Embedding(QUOTE_STATES, hidden)
        nn.init.zeros_(self.shapes.weight)
        nn.init.zeros_(self.quotes.weight)
        self.dropout = nn.Dropout(sizes.dropout)
        self.tags = nn.Linear(hidden, TAGS)
        self.anchor = nn.Sequential(nn.Linear(hidden, sizes.width), nn.GELU(), nn.Linear(sizes.width, 1))
        self.as_anchor = nn.Linear(hidden, sizes.width)
        self.as_word = nn.Linear(hidden, sizes.width)

    def forward(
        self, tokens: Tensor, attention: Tensor, shapes: Tensor, quotes: Tensor, first_tokens: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Tags (batch, words, TAGS), anchors (batch, words), and both projections (batch, words, width).

        `first_tokens` (batch, words) says where each word begins among the tokens.
        """
        embedded = self.encoder.get_input_embeddings()(tokens) + self.shapes(shapes) + self.quotes(quotes)
        read = self.encoder(inputs_embeds=embedded, attention_mask=attention).last_hidden_state
        where = first_tokens.unsqueeze(2).expand(-1, -1, read.shape[2])
        words = self.dropout(read.gather(1, where))
        return self.tags(words), self.anchor(words).squeeze(2), self.as_anchor(words), self.as_word(words)


class Linker(nn.Module):
    """The part that, given an anchor, scores the states of the words around it."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width = sizes.width
        self.distances = nn.Embedding(BUCKETS, width)
        self.paragraphs = nn.Embedding(PARAGRAPHS, width)
        self.mix = nn.Linear(width, width)
        # Each layer looks at words twice as far apart as the one before.
        reach = sizes.kernel // 2
        self.layers = nn.ModuleList(
            nn.Conv1d(width, width, sizes.kernel, padding=reach * 2**layer, dilation=2**layer)
            for layer in range(sizes.layers)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(sizes.layers))
        self.states = nn.Linear(width, STATES)

    def forward(self, anchors: Tensor, words: Tensor, distances: Tensor, paragraphs: Tensor) -> Tensor:
        """Scores (anchors, length, STATES) of the states of words.

        Shapes: anchors (anchors, width), words (anchors, length, width); distances and paragraphs
        (anchors, length) are the buckets of `builder.quotes.states`.
        """
        anchor = anchors.unsqueeze(1)
        mixed = anchor + words + self.mix(anchor * words)
        pair = nn.functional.gelu(mixed + self.distances(distances) + self.paragraphs(paragraphs))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            pair = pair + nn.functional.gelu(layer(norm(pair).transpose(1, 2)).transpose(1, 2))
        scores: Tensor = self.states(pair)
        return scores


class AttributionNetwork(nn.Module):
    """Reader, linker and chain together, with the loss that `Trainer` minimises."""

    def __init__(self, encoder: PreTrainedModel, sizes: Sizes) -> None:
        super().__init__()
        self.reader = Reader(encoder, sizes)
        self.linker = Linker(sizes)
        self.chain = Chain(torch.tensor(ALLOWED))

    def read(self, batch: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What the reader gives for a batch, as `builder.training.attribution_data` collates it."""
        found: tuple[Tensor, Tensor, Tensor, Tensor] = self.reader(*to_read(batch))
        return found

    def linked(self, as_anchor: Tensor, as_word: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
        """What the linker gives for the anchors of a batch; takes both projections."""
        emissions: Tensor = self.linker(*to_link(as_anchor, as_word, batch))
        return emissions

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """The loss of a batch, as `builder.training.attribution_data` collates it."""
        tags, anchors, as_anchor, as_word = self.read(batch)
        weights = batch["weights"]  # (batch, words), 0 behind a window's last word
        total = weights.sum().clamp_min(1.0)
        tag_losses = nn.functional.cross_entropy(
            tags.float().flatten(0, 1), batch["tags"].flatten(0, 1), reduction="none"
        )
        anchor_losses = nn.functional.binary_cross_entropy_with_logits(
            anchors.float(), batch["anchors"], reduction="none"
        )
        tag_loss = (tag_losses * weights.flatten()).sum() / total
        anchor_loss = (anchor_losses * weights).sum() / total
        if not len(batch["row"]):
            return {"loss": tag_loss + anchor_loss}
        emissions = self.linked(as_anchor, as_word, batch)
        chain_losses = self.chain.negative_log_likelihood(
            emissions.float(), batch["states"], batch["moves"], batch["inside"]
        )
        # Per word like the others: a window with many attributions counts for more.
        chain_loss = chain_losses.sum() / total
        return {"loss": tag_loss + 2.0 * anchor_loss + chain_loss}


def to_read(batch: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
    """What the reader takes of a batch, in its order."""
    return tuple(batch[name] for name in READ)


def to_link(as_anchor: Tensor, as_word: Tensor, batch: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
    """What the linker takes for the anchors of a batch, in its order, given the projections of all words."""
    row = batch["row"]
    return (
        as_anchor[row, batch["at"]],
        as_word[row.unsqueeze(1), batch["around"]],
        batch["distances"],
        batch["steps"],
    )
