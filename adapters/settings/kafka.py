"""Where facts come from: the broker, its topics and the consumer group."""

from pydantic import Field

from adapters.settings.section import Section


class KafkaSettings(Section):
    """The broker and its topics."""

    bootstrap: tuple[str, ...] = Field(
        (),
        description="Brokers to start from, host:port; none: facts come from files and from the API alone.",
        json_schema_extra={
            "fr": "Courtiers par lesquels commencer, hôte:port ; aucun : les faits ne viennent que de fichiers et de "
            "l'API."
        },
    )
    topic: str = Field(
        "greffe.events",
        min_length=1,
        description="The topic of the facts.",
        json_schema_extra={"fr": "Le sujet (topic) des faits."},
    )
    quarantine_topic: str = Field(
        "greffe.quarantine",
        min_length=1,
        description="The topic that what is refused is copied to.",
        json_schema_extra={"fr": "Le sujet (topic) où ce qui est refusé est recopié."},
    )
    group: str = Field(
        "greffe",
        min_length=1,
        description="The consumer group of the ingest workers.",
        json_schema_extra={"fr": "Le groupe de consommateurs des processus d'ingestion."},
    )
