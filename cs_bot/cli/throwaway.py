"""A knowledge base indexed for one command and thrown away: pairs in, answers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cs_bot.cli.options import knowledge_file
from cs_bot.cli.progress import progress_bar
from cs_bot.settings import Settings

if TYPE_CHECKING:
    from cs_bot.models.encoders import Encoder
    from cs_bot.retrieval.decide import KbqaSettings
    from cs_bot.retrieval.evaluation import Ask
    from cs_bot.retrieval.snapshot import Snapshot
    from cs_bot.types import QAPair


@dataclass(frozen=True, slots=True)
class ThrowawayBase:
    """An index with the encoders it was made by."""

    snapshot: Snapshot
    encoder: Encoder
    second: Encoder | None

    @property
    def encoders(self) -> tuple[Encoder, ...]:
        """The encoders there are."""
        return (self.encoder,) if self.second is None else (self.encoder, self.second)

    def asking(self, settings: KbqaSettings) -> Ask:
        """Return what the base decides about a question under these settings."""
        from cs_bot.retrieval.evaluation import asking

        return asking(self.snapshot, self.encoder, settings, second=self.second)


def indexed(
    pairs: Sequence[QAPair], bot: Settings | None, *, remember: bool = False
) -> ThrowawayBase:
    """Index the pairs with the encoders and synonyms of a bot, or with the packaged ones.

    With `remember` the encoders encode no text twice, for whoever uses them afterwards.
    """
    from cs_bot.app import adapter, encoder, second_encoder
    from cs_bot.models.encoders import UniversalSentenceEncoder
    from cs_bot.retrieval.snapshot import Snapshot
    from cs_bot.text.synonyms import Synonyms, read_synonyms

    synonyms = read_synonyms(knowledge_file(bot, "synonyms.txt")) if bot else Synonyms()
    first = encoder(bot) if bot else UniversalSentenceEncoder()
    settings = bot or Settings(Path())
    second = second_encoder(settings)
    if remember:
        from cs_bot.models.remembering import Remembering

        first = Remembering(first)
        second = Remembering(second) if second is not None else None
    wordings = sum(len(pair.questions()) for pair in pairs)
    with progress_bar("indexing", wordings) as tell:
        snapshot = Snapshot.build("evaluation", pairs, first, synonyms=synonyms).with_answers()
        if second is not None:
            snapshot = snapshot.joined(
                second, adapter(settings), progress=lambda done, _: tell(done)
            )
        tell(wordings)
    return ThrowawayBase(snapshot, first, second)


def kbqa_settings(bot: Settings | None) -> KbqaSettings:
    """Return the cuts of a bot, the default ones without a bot."""
    from cs_bot.retrieval.decide import KbqaSettings

    table = bot.stages.get("kbqa") if bot else None
    return table.read(KbqaSettings) if table else KbqaSettings()
